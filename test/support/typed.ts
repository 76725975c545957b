import { PassThrough } from "node:stream";
import type { Terminal } from "../../src/cli/terminal";

type Command = (args: readonly string[], terminal: Terminal) => Promise<number>;

/** What a command says to who types it, and what it ends with. */
export async function typed(command: Command, args: readonly string[], env: Record<string, string> = {}) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  let [said, complained] = ["", ""];
  stdout.on("data", (chunk) => (said += String(chunk)));
  stderr.on("data", (chunk) => (complained += String(chunk)));
  const code = await command(args, { env, stdin, stdout, stderr, waitMs: 1_000 });
  return { code, said, complained };
}
