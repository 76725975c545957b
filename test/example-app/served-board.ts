import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { buildIfStale } from "../support/build";

const root = join(__dirname, "../..");

export interface ServedBoard {
  readonly origin: string;
  /** Resolves to how the process ended. */
  stop(): Promise<{ code: number | null; signal: string | null }>;
}

/**
 * The example app in processes of its own, as `npm start` runs it with these variables.
 * @throws {Error} it did not start; the message is what it said.
 */
export async function serveBoard(variables: Record<string, string> = {}): Promise<ServedBoard> {
  await buildIfStale("library");
  await buildIfStale("example-app");
  const server = spawn(process.execPath, ["example-app/dist/server.js"], {
    cwd: root,
    env: { PATH: process.env["PATH"], PORT: "0", ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(server, "exit") as Promise<[number | null, string | null]>;
  const origin = await readOrigin(server);

  async function stop() {
    server.kill("SIGTERM");
    const [code, signal] = await ended;
    return { code, signal };
  }

  return { origin, stop };
}

async function readOrigin({ stdout, stderr }: ChildProcess): Promise<string> {
  let complaints = "";
  stderr!.on("data", (text: Buffer) => (complaints += text.toString()));
  for await (const line of createInterface({ input: stdout! })) {
    const [origin] = /http:\S+/.exec(line) ?? [];
    if (origin) return origin;
  }
  throw new Error(complaints);
}
