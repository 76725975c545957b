import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pack, run } from "../package/pack";

const consumers = join(__dirname, "consumers");
/** The package as it would be published. */
export const tarball = join(__dirname, "node_modules/express-aircall.tgz");

/** Installs what the matrix needs, where that is not done, and the packed library beside every consumer. */
export default async function prepare(): Promise<void> {
  await installIfStale();
  const folder = mkdtempSync(join(tmpdir(), "express-aircall-"));
  try {
    const packed = await pack(join(folder, "library"));
    cpSync(packed.tarball, tarball);
    await Promise.all([...readdirSync(consumers).map((name) => equip(join(consumers, name))), unpack()]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function installIfStale(): Promise<void> {
  const installed = join(__dirname, "node_modules/.package-lock.json");
  const lockfile = join(__dirname, "package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lockfile).mtimeMs) return;
  await run("npm", ["ci", "--no-audit", "--no-fund"], __dirname);
}

/** A consumer's own copy: it resolves Express and its types as an app's would. The programs are those of all. */
async function equip(consumer: string): Promise<void> {
  await unpack(consumer);
  rmSync(join(consumer, "programs"), { recursive: true, force: true });
  cpSync(join(__dirname, "programs"), join(consumer, "programs"), { recursive: true });
}

async function unpack(folder = __dirname): Promise<void> {
  const library = join(folder, "node_modules/express-aircall");
  rmSync(library, { recursive: true, force: true });
  mkdirSync(library, { recursive: true });
  await run("tar", ["-xzf", tarball, "-C", library, "--strip-components=1"]);
  // Express 5 brings an older cookie: like npm, put the library's own beside it.
  mkdirSync(join(library, "node_modules"));
  for (const name of ["cookie", "passport-oauth2", "undici"]) {
    symlinkSync(join(__dirname, "node_modules", name), join(library, "node_modules", name), "junction");
  }
}
