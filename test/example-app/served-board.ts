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

/** The example app in a process of its own, as `npm start` runs it, on a free port. */
export async function serveBoard(): Promise<ServedBoard> {
  for (const build of builds) if (isStale(build)) await compile(build.project);
  const server = spawn(process.execPath, ["example-app/dist/server.js"], {
    cwd: root,
    env: { PATH: process.env["PATH"], PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const origin = await readOrigin(server);

  async function stop() {
    const ended = once(server, "exit");
    server.kill("SIGTERM");
    const [code, signal] = (await ended) as [number | null, string | null];
    return { code, signal };
  }

  return { origin, stop };
}

async function readOrigin(server: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: server.stdout! })) {
    const [origin] = /http:\S+/.exec(line) ?? [];
    if (origin) return origin;
  }
  throw new Error("The board did not start; it says why above.");
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
