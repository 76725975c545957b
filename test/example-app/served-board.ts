import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const root = join(__dirname, "../..");
const builds = [
  { project: "tsconfig.build.json", sources: "src", built: "dist/index.js" },
  { project: "example-app/tsconfig.json", sources: "example-app", built: "example-app/dist/server.js" },
];

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
  for (const build of builds) if (isStale(build)) await compile(build.project);
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

function isStale({ sources, built }: (typeof builds)[number]): boolean {
  const at = join(root, built);
  return !existsSync(at) || changedAt(join(root, sources)) > statSync(at).mtimeMs;
}

/** When the newest TypeScript file below a folder was written. */
function changedAt(folder: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  const sources = files.filter((name) => !name.startsWith("dist"));
  return Math.max(...sources.map((name) => statSync(join(folder, name)).mtimeMs));
}

async function compile(project: string): Promise<void> {
  await promisify(execFile)(process.execPath, ["node_modules/typescript/bin/tsc", "-p", project], { cwd: root });
}
