import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../..");
const folders: string[] = [];
const running: ChildProcess[] = [];

export interface Running {
  readonly process: ChildProcess;
  /** Resolves when its server listens. @throws {Error} it ended before; the message is what it said. */
  listening(): Promise<void>;
  /** Resolves to what it printed. @throws {Error} it failed; the message is what it said. */
  output(): Promise<string>;
}

/** Starts a program of the papers, as it stands, with these lines in a file `.env`: `node --env-file=.env app.mjs`. */
export function startProgram(program: string, { settings = [""], variables = {}, args = [""] }): Running {
  // Inside the repository, so that the packages it imports are found.
  const folder = mkdtempSync(join(root, "test", "program-"));
  folders.push(folder);
  writeFileSync(join(folder, "app.mjs"), program);
  writeFileSync(join(folder, ".env"), settings.join("\n"));

  const child = fork("app.mjs", args, {
    cwd: folder,
    env: { PATH: process.env["PATH"], ...variables },
    execArgv: ["--env-file=.env", "--require", join(__dirname, "say-listening.cjs")],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  running.push(child);
  const [printed, complaints] = [collect(child.stdout), collect(child.stderr)];
  const ended = once(child, "close").then(([code]) =>
    code === 0 ? printed() : Promise.reject(new Error(complaints())),
  );
  ended.catch(() => undefined);

  return {
    process: child,
    output: () => ended,
    async listening() {
      await Promise.race([once(child, "message"), ended.then(() => Promise.reject(new Error("It ended.")))]);
    },
  };
}

/** Ends every program, and removes its files. */
export async function endPrograms(): Promise<void> {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const exited = once(child, "exit");
    child.kill();
    await exited;
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
}

function collect(stream: ChildProcess["stdout"]): () => string {
  let text = "";
  stream!.on("data", (part: Buffer) => (text += part.toString()));
  return () => text;
}
