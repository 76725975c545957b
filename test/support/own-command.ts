import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";

const root = join(__dirname, "../..");

/** Runs `npx express-aircall …` as a person would, once the library is built: by a process with this environment only. */
export function runOwnCommand(args: string[], env: Record<string, string>) {
  return runNode([join(root, "dist/cli/bin.js"), ...args], env);
}

/** Runs Node where the library is. */
export async function runNode(args: string[], env: Record<string, string>) {
  const options = { cwd: root, env: { PATH: process.env["PATH"], ...env } };
  const child = spawn(process.execPath, args, options);
  const ended = new Promise<number>((resolve) => child.once("exit", (code) => resolve(Number(code))));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await ended, stdout, stderr };
}
