import { renameSync, statSync, type BigIntStats } from "node:fs";
import { mkdir, open, realpath, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { ConfigError } from "../../../errors/errors";
import { propertyOf } from "../../../errors/property";
import { takeLockFile, type LockFile } from "./lock-file";

/** A file that is its owner's alone, and that processes change one after the other. */
export interface PrivateFile {
  /** Null where there is none. */
  read(): Promise<string | null>;
  /**
   * Writes what `edit` makes of the text, as a whole or not at all; nothing where that is null. `edit` may be called
   * again, with what another process has written meanwhile. Nothing is written once `isOpen` says no.
   */
  change(edit: (text: string | null) => string | null, isOpen: () => boolean): Promise<void>;
}

/** What was read, and by what to see that it is still there. */
interface Found {
  readonly text: string | null;
  readonly stamp: string;
}

/** On Windows a file's mode says nothing. */
const modesCount = process.platform !== "win32";

export function createPrivateFile(path: string): PrivateFile {
  async function change(edit: (text: string | null) => string | null, isOpen: () => boolean): Promise<void> {
    const real = await realPathOf(path);
    await mkdir(dirname(real), { recursive: true, mode: 0o700 });
    const onBroken = (owner: string) => void unlink(temporary(real, owner)).catch(() => undefined);
    while (isOpen()) {
      const lock = await takeLockFile(`${real}.lock`, { isOpen, onBroken });
      if (lock && (await changeLocked(real, edit, { lock, isOpen }).finally(() => lock.release()))) return;
    }
  }

  return {
    read: () => usable(path, async () => (await find(await realPathOf(path))).text),
    change: (edit, isOpen) => usable(path, () => change(edit, isOpen)),
  };
}

interface Turn {
  readonly lock: LockFile;
  readonly isOpen: () => boolean;
}

/** False where another process came between. */
async function changeLocked(
  path: string,
  edit: (text: string | null) => string | null,
  { lock, isOpen }: Turn,
): Promise<boolean> {
  const { text, stamp } = await find(path);
  const changed = edit(text);
  if (changed === null) return true;
  const written = temporary(path, lock.owner);
  try {
    await write(written, changed);
    // No other work of this process comes between these looks and the renaming.
    if (isOpen() && lock.isOurs() && stampOf(stat(path)) === stamp) {
      renameSync(written, path);
      await syncFolder(path);
      return true;
    }
    return false;
  } finally {
    await unlink(written).catch(() => undefined);
  }
}

async function find(path: string): Promise<Found> {
  const file = await open(path, "r").catch((error: unknown) => {
    if (propertyOf(error, "code") === "ENOENT") return null;
    throw error;
  });
  if (!file) return { text: null, stamp: stampOf(undefined) };
  try {
    const stats = await file.stat({ bigint: true });
    if (modesCount && (stats.mode & 0o077n) !== 0n) throw new ConfigError(readByOthers(path));
    return { text: await file.readFile("utf8"), stamp: stampOf(stats) };
  } finally {
    await file.close();
  }
}

async function write(path: string, text: string): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** So that the new name outlasts a loss of power; not every system can. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(dirname(path), "r").catch(() => null);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

function stat(path: string): BigIntStats | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false });
}

function stampOf(stats: BigIntStats | undefined): string {
  return stats ? `${stats.ino} ${stats.mtimeNs} ${stats.size}` : "absent";
}

/** Of a link the file that it leads to: renaming would put an end to the link. */
async function realPathOf(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

function temporary(path: string, owner: string): string {
  return `${path}.${owner}.tmp`;
}

/** What no waiting mends is a setting's fault. */
async function usable<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = String(propertyOf(error, "code"));
    if (!["EACCES", "EEXIST", "EISDIR", "ENOTDIR", "EROFS", "ENAMETOOLONG"].includes(code)) throw error;
    throw new ConfigError(
      `${path} cannot be used (${code}): this process must be able to read and write it and its folder.`,
    );
  }
}

function readByOthers(path: string): string {
  return `${path} holds grants, and may be read by others than its owner. Run: chmod 600 ${path}`;
}
