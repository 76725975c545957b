import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const programs = {
  "redis-server": { alsoKnownAs: [], install: "apt-get install redis-server" },
  chromium: {
    alsoKnownAs: ["chromium-browser", "google-chrome"],
    install: "apt-get install --no-install-recommends chromium",
  },
  bun: { alsoKnownAs: [], install: "npm install --global bun" },
  deno: { alsoKnownAs: [], install: "npm install --global deno" },
} as const;

export type Program = keyof typeof programs;

/** `describe` for tests that need a program of the machine: without it skipped with a word why, but in CI they fail. */
export function describeWith(program: Program, name: string, tests: () => void): void {
  if (pathOf(program) || process.env["CI"]) return describe(name, tests);
  console.warn(`Skipped "${name}": ${missing(program)}`);
  describe.skip(name, tests);
}

/** The program's path; throws with how to install it when it is not on PATH. */
export function requireProgram(program: Program): string {
  const path = pathOf(program);
  if (!path) throw new Error(missing(program));
  return path;
}

function pathOf(program: Program): string | undefined {
  return findProgram(program, ...programs[program].alsoKnownAs);
}

/** The path of the first of them that is there. */
function findProgram(...names: readonly string[]): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function missing(program: Program): string {
  return `${program} is not on PATH. Install it: ${programs[program].install}`;
}
