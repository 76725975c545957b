import { accessSync, constants, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

const programs = {
  "redis-server": { alsoKnownAs: [], install: "apt-get install redis-server" },
  postgres: { alsoKnownAs: [], install: "apt-get install postgresql, or set PGHOST where one runs" },
  initdb: { alsoKnownAs: [], install: "apt-get install postgresql" },
  pgbouncer: { alsoKnownAs: [], install: "apt-get install pgbouncer" },
  mariadbd: { alsoKnownAs: [], install: "apt-get install mariadb-server" },
  "mariadb-install-db": { alsoKnownAs: [], install: "apt-get install mariadb-server" },
  nginx: { alsoKnownAs: [], install: "apt-get install nginx-light" },
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
  if (isThere(program) || process.env["CI"]) return describe(name, tests);
  console.warn(`Skipped "${name}": ${missing(program)}`);
  describe.skip(name, tests);
}

/** The program's path; throws with how to install it when it is not on PATH. */
export function requireProgram(program: Program): string {
  const path = pathOf(program);
  if (!path) throw new Error(missing(program));
  return path;
}

/** Whose server may be elsewhere. */
function isThere(program: Program): boolean {
  return pathOf(program) !== undefined || (program === "postgres" && process.env["PGHOST"] !== undefined);
}

function pathOf(program: Program): string | undefined {
  return findProgram(program, ...programs[program].alsoKnownAs);
}

/** Debian puts servers where only their own scripts look. */
const beside = ["/usr/sbin", ...versionsIn("/usr/lib/postgresql")];

function versionsIn(folder: string): string[] {
  try {
    return readdirSync(folder).map((version) => join(folder, version, "bin"));
  } catch {
    return [];
  }
}

/** The path of the first of them that is there. */
function findProgram(...names: readonly string[]): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...beside];
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
