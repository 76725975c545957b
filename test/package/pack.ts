import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

const root = join(__dirname, "../..");
const notForPacking = new Set(["node_modules", ".git", "dist", "coverage", "test", "site"]);

export interface PackedLibrary {
  /** Path of the `.tgz` that would be published. */
  readonly tarball: string;
  /** Paths of the files in it. */
  readonly files: string[];
  /** A folder whose subfolders are the consumers, in which the tarball is installed. */
  readonly consumers: string;
  remove(): void;
}

/** Builds and packs the library from its sources, as they are now, and installs the tarball beside its consumers. */
export async function packLibrary(): Promise<PackedLibrary> {
  const folder = mkdtempSync(join(tmpdir(), "express-aircall-"));
  const { tarball, files } = await pack(join(folder, "library"));
  const consumers = join(folder, "consumers");
  cpSync(join(__dirname, "consumers"), consumers, { recursive: true });
  await install(tarball, join(consumers, "node_modules"));

  return { tarball, files, consumers, remove: () => rmSync(folder, { recursive: true }) };
}

/** Runs a tool of this project by the Node that runs the test; resolves to what it printed. */
export function runTool(name: string, args: string[]): Promise<string> {
  return run(process.execPath, [join(root, "node_modules/.bin", name), ...args]);
}

/** Runs one of the TypeScript compilers of this project, by the name of its package. */
export function compile(compiler: string, args: string[]): Promise<string> {
  return run(process.execPath, [join(root, "node_modules", compiler, "bin/tsc"), ...args]);
}

/** Resolves to what the command printed; a failure shows that too. */
export function run(command: string, args: string[], cwd = root): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { cwd, maxBuffer: 1e7 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${error.message}\n${stdout}${stderr}`));
      else resolve(stdout);
    });
  });
}

/** Packs a copy, so that what other tests or a developer build at the same time is not in the way. */
export async function pack(copy: string): Promise<{ tarball: string; files: string[] }> {
  cpSync(root, copy, { recursive: true, filter: (path) => !notForPacking.has(basename(path)) });
  await compile("typescript-7", ["-p", "tsconfig.build.json", "--outDir", join(copy, "dist")]);
  const answer = await run("npm", ["pack", "--json", "--ignore-scripts", "--loglevel=error"], copy);
  const [packed] = JSON.parse(answer) as [{ filename: string; files: { path: string }[] }];
  return { tarball: join(copy, packed.filename), files: packed.files.map(({ path }) => path) };
}

/** What `npm install` would lay out, without a registry: the tarball, what it depends on, and a consumer's own. */
async function install(tarball: string, modules: string): Promise<void> {
  const library = join(modules, "express-aircall");
  mkdirSync(library, { recursive: true });
  await run("tar", ["-xzf", tarball, "-C", library, "--strip-components=1"]);

  const { dependencies } = JSON.parse(readFileSync(join(library, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  for (const name of [...Object.keys(dependencies), "express", "@types/express", "@types/node"]) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(root, "node_modules", name), join(modules, name), "junction");
  }
}
