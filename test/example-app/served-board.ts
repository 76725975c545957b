import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { buildIfStale } from "../support/build";

const root = join(__dirname, "../..");

export interface ServedBoard {
  readonly origin: string;
  /** The first of what it has printed that is like this, as soon as it has. */
  said(like: RegExp): Promise<RegExpExecArray>;
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
  const server = spawn(process.execPath, ["example-app/operations/start.cjs"], {
    cwd: root,
    env: { PATH: process.env["PATH"], PORT: "0", ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(server, "exit") as Promise<[number | null, string | null]>;
  let [printed, complaints] = ["", ""];
  server.stdout.on("data", (text: Buffer) => (printed += text.toString()));
  server.stderr.on("data", (text: Buffer) => (complaints += text.toString()));
  const closed = once(server, "close");

  async function said(like: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = like.exec(printed);
      if (match) return match;
      const over = closed.then(() => Promise.reject(new Error(complaints)));
      await Promise.race([once(server.stdout, "data"), over]);
    }
  }

  async function stop() {
    server.kill("SIGTERM");
    const [code, signal] = await ended;
    return { code, signal };
  }

  const [origin] = await said(/http:\S+/);
  return { origin, said, stop };
}
