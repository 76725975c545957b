import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fields } from "../../../src/config/fields";

const root = join(__dirname, "../../..");
const ours = "express-aircall";

interface Packed {
  readonly files: readonly string[];
  readonly size: number;
  readonly unpackedSize: number;
}

/** What npm would publish of what is built now. */
export function packed(): Packed {
  const options = ["pack", "--dry-run", "--json", "--ignore-scripts", "--loglevel=error"];
  const answer = execFileSync("npm", options, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  const [tarball] = JSON.parse(answer) as [Omit<Packed, "files"> & { files: { path: string }[] }];
  return { ...tarball, files: tarball.files.map(({ path }) => path) };
}

/** The same before and after a build: each source becomes four files. */
export function describeFiles(files: readonly string[]): string {
  const sources = files.filter((path) => path.startsWith("src/"));
  const more = files.filter((path) => !/^(src|dist)\//.test(path));
  return `the tarball: ${sources.length} sources, each with its JavaScript, types and two maps, and ${more.length} files more`;
}

export function describeTree(folders: readonly string[]): string {
  return `installed with what it depends on: ${folders.length} packages`;
}

/** The folders of a package and of all it depends on, as npm lays them out by the lock file. Peers are the app's. */
export function treeOf(name: string): string[] {
  const packages = fields(fields(JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")))["packages"]);
  const folders = [name === ours ? "" : `node_modules/${name}`];
  for (const folder of folders) {
    for (const dependency of Object.keys(fields(fields(packages[folder])["dependencies"]))) {
      const found = nearest(dependency, folder, packages);
      if (!folders.includes(found)) folders.push(found);
    }
  }
  return folders;
}

/** Where Node finds a dependency of the package in this folder: beside it or further up. */
function nearest(name: string, from: string, packages: object): string {
  const candidate = join(from, "node_modules", name);
  if (candidate in packages) return candidate;
  if (from === ".") throw new Error(`${name} is not in the lock file.`);
  return nearest(name, dirname(from), packages);
}

export function bytesOfTree(folders: readonly string[]): number {
  return folders.reduce(
    (sum, folder) => sum + (folder === "" ? packed().unpackedSize : bytesOf(join(root, folder))),
    0,
  );
}

/** Without what is installed inside it: the lock file names that apart. */
function bytesOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    if (entry.name === "node_modules") return sum;
    const path = join(folder, entry.name);
    return sum + (entry.isDirectory() ? bytesOf(path) : statSync(path).size);
  }, 0);
}

export function isTypes(folder: string): boolean {
  return folder.includes("node_modules/@types/") || folder.endsWith("/undici-types");
}

/** Measured as it is written: what was seen on another day stays as it was. */
export function weightsTable(): string[][] {
  const { files, size, unpackedSize } = packed();
  const tree = treeOf(ours);
  const bytes = bytesOfTree(tree);
  const times = Math.round((bytes / bytesOfTree(treeOf("express"))) * 10) / 10;
  return [
    [`Seen on ${new Date().toISOString().slice(0, 10)}`, "Figure", "Beside express"],
    [describeFiles(files), megabytes(size), ""],
    ["the tarball, unpacked", megabytes(unpackedSize), ""],
    [describeTree(tree), megabytes(bytes), `${times} times`],
    ["of that types", megabytes(bytesOfTree(tree.filter(isTypes))), ""],
  ];
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
