import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireProgram } from "../programs";

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  close(): Promise<void>;
}

interface Options {
  /** Further arguments, such as `["--maxmemory", "1mb"]`. */
  readonly settings?: readonly string[];
  readonly findPort?: () => number | Promise<number>;
}

/** A Redis of the test's own: no persistence, a free port, its files in a directory that goes with it. */
export async function startRedisServer(options: Options = {}, attempts = 5): Promise<RedisServer> {
  const { settings = [], findPort = freePort } = options;
  const port = await findPort();
  const directory = await mkdtemp(join(tmpdir(), "express-aircall-redis-"));
  const own = ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", directory];
  const server = spawn(requireProgram("redis-server"), [...own, ...settings], { stdio: ["ignore", "pipe", "ignore"] });

  async function close(): Promise<void> {
    if (server.exitCode === null && server.kill()) await once(server, "exit");
    await rm(directory, { recursive: true, force: true });
  }

  if (await ready(server)) return { url: `redis://127.0.0.1:${port}`, port, pid: server.pid ?? 0, close };
  await rm(directory, { recursive: true, force: true });
  if (attempts > 1) return startRedisServer(options, attempts - 1);
  throw new Error("redis-server did not start.");
}

/** False when it ended first, as it does when somebody else took the port. */
function ready(server: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    server.stdout?.on("data", (line: Buffer) => line.includes("Ready to accept connections") && resolve(true));
    server.once("exit", () => resolve(false));
  });
}

/** Below those that the system hands out by itself: nobody else is given it before it is used. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 10_000);
    const server = createServer().listen(port, "127.0.0.1");
    const isFree = await once(server, "listening").then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}
