import { randomBytes } from "node:crypto";
import { closeSync, openSync, readFileSync, statSync, unlinkSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { fields } from "../../../config/fields";
import { propertyOf } from "../../../errors/property";
import { sleep } from "../../../time/sleep";

/** Far longer than its holder may take, who looks at it before it writes. */
const leaseMs = 10_000;
const longestPauseMs = 20;

/** A lock that is a file: of all processes one holds it. */
export interface LockFile {
  readonly owner: string;
  /** Whether it is still ours: one that seemed abandoned may have been taken away. */
  isOurs(): boolean;
  release(): void;
}

export interface Waiting {
  /** Whether somebody still waits for it. */
  readonly isOpen: () => boolean;
  /** Called with the owner of a lock that was taken away: that process is gone, or has slept through its time. */
  readonly onBroken: (owner: string) => void;
}

/** Null where nobody waits for it any more. */
export async function takeLockFile(path: string, { isOpen, onBroken }: Waiting): Promise<LockFile | null> {
  const owner = randomBytes(9).toString("hex");
  while (isOpen()) {
    if (create(path, owner)) return { owner, isOurs: () => isOwner(path, owner), release: () => release(path, owner) };
    const broken = breakIfAbandoned(path);
    if (broken === null) await sleep(1 + Math.random() * longestPauseMs);
    else onBroken(broken);
  }
  return null;
}

interface Holder {
  readonly owner: string;
  readonly pid: number;
  readonly host: string;
  readonly endsAt: number;
}

function create(path: string, owner: string): boolean {
  const holder: Holder = { owner, pid: process.pid, host: hostname(), endsAt: Date.now() + leaseMs };
  let file;
  try {
    file = openSync(path, "wx", 0o600);
  } catch (error) {
    if (propertyOf(error, "code") === "EEXIST") return false;
    throw error;
  }
  writeSync(file, JSON.stringify(holder));
  closeSync(file);
  return true;
}

function isOwner(path: string, owner: string): boolean {
  return readHolder(path)?.owner === owner;
}

function release(path: string, owner: string): void {
  if (isOwner(path, owner)) unlink(path);
}

/**
 * Between two who find the same lock abandoned, the slower may take away the quicker one's new lock: whose lock is gone
 * finds that out before it writes. Answers whose it was; null where it stands.
 */
function breakIfAbandoned(path: string): string | null {
  const holder = readHolder(path);
  if (!(holder ? isOver(holder) : wasLeftEmpty(path))) return null;
  unlink(path);
  return holder?.owner ?? "";
}

function isOver({ endsAt, host, pid }: Holder): boolean {
  return Date.now() >= endsAt || (host === hostname() && isGone(pid));
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return propertyOf(error, "code") === "ESRCH";
  }
}

/** By a process that ended between making it and writing into it. */
function wasLeftEmpty(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs >= leaseMs;
}

/** Null where nothing can be read of it. */
function readHolder(path: string): Holder | null {
  try {
    const { owner, pid, host, endsAt } = fields(JSON.parse(readFileSync(path, "utf8")));
    if (typeof owner !== "string" || !/^[\da-f]+$/.test(owner) || typeof endsAt !== "number") return null;
    return typeof pid === "number" && typeof host === "string" ? { owner, pid, host, endsAt } : null;
  } catch {
    return null;
  }
}

function unlink(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (propertyOf(error, "code") !== "ENOENT") throw error;
  }
}
