import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireProgram } from "../support/programs";
import { freePort } from "../support/redis/redis-server";

export interface MariaDb {
  /** For mysql2: a user that may do everything, and an empty database. */
  readonly connection: { host: string; port: number; user: string; database: string };
  close(): Promise<void>;
}

/** A server of the test's own: a free port, nobody asked for a password, its files in a directory that goes with it. */
export async function startMariaDb(): Promise<MariaDb> {
  const directory = mkdtempSync(join(tmpdir(), "express-aircall-mariadb-"));
  const [data, socket] = [`--datadir=${join(directory, "data")}`, `--socket=${join(directory, "socket")}`];
  const user = process.getuid?.() === 0 ? ["--user=root"] : [];
  const plain = ["--no-defaults", data, ...user];
  const installed = [...plain, "--skip-test-db", "--auth-root-authentication-method=normal"];
  execFileSync(requireProgram("mariadb-install-db"), installed, { stdio: "ignore" });

  const port = await freePort();
  const settings = [socket, `--port=${port}`, "--bind-address=127.0.0.1", "--innodb-flush-log-at-trx-commit=0"];
  const server = spawn(requireProgram("mariadbd"), [...plain, ...settings], { stdio: ["ignore", "ignore", "pipe"] });
  await new Promise<void>((resolve, reject) => {
    server.stderr.on("data", (line: Buffer) => line.includes("ready for connections") && resolve());
    server.once("exit", (code) => reject(new Error(`mariadbd ended (${code}).`)));
  });

  return {
    connection: { host: "127.0.0.1", port, user: "root", database: "mysql" },
    async close() {
      if (server.exitCode === null && server.kill()) await once(server, "exit");
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
