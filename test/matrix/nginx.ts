import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { requireProgram } from "../support/programs";

/** An nginx of the test's own that hands on what comes below a path, and strips it. */
export async function startNginx(port: number, path: string, target: string): Promise<{ close(): Promise<void> }> {
  const directory = mkdtempSync(join(tmpdir(), "express-aircall-nginx-"));
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${directory};`,
  );
  const config = `
    daemon off; error_log stderr; pid ${directory}/pid; events {}
    http {
      access_log off; ${temporary.join(" ")}
      server {
        listen 127.0.0.1:${port};
        location ${path}/ {
          proxy_pass ${target}/;
          proxy_set_header Host $http_host;
          proxy_set_header X-Forwarded-Proto $scheme;
          proxy_set_header X-Forwarded-For $remote_addr;
        }
      }
    }`;
  writeFileSync(join(directory, "nginx.conf"), config);
  const server = spawn(requireProgram("nginx"), ["-c", join(directory, "nginx.conf")], { stdio: "ignore" });
  while (!(await accepts(port))) {
    if (server.exitCode !== null) throw new Error("nginx did not start.");
    await sleep(20);
  }
  return {
    async close() {
      if (server.exitCode === null && server.kill()) await once(server, "exit");
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function accepts(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  return new Promise<boolean>((resolve) => {
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
  }).finally(() => socket.destroy());
}
