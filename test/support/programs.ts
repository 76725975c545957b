import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const programs = {
  "redis-server": { alsoKnownAs: [], install: "apt-get install redis-server" },
  chromium: {
    alsoKnownAs: ["chromium-browser", "google-chrome"],
    install: "apt-get install --no-install-recommends chromium",
  },
} as const;

export type Program = keyof typeof programs;

/** `describe` for tests that need a program of the machine: without it skipped with a word why, but in CI they fail. */
export function describeWith(program: Program, name: string, tests: () => void): void {
  if (findProgram(program) || process.env["CI"]) return describe(name, tests);
  console.warn(`Skipped "${name}": ${missing(program)}`);
  describe.skip(name, tests);
}

/** The program's path; throws with how to install it when it is not on PATH. */
export function requireProgram(program: Program): string {
  const path = findProgram(program);
  if (!path) throw new Error(missing(program));
  return path;
}

function findProgram(program: Program): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return [program, ...programs[program].alsoKnownAs]
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find(isExecutable);
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
