import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fields } from "../../config/fields";

/** A webhook that `listen` has made, or was about to. */
export interface Made {
  /** With a part that is in no other webhook. */
  readonly url: string;
  /** A hash of the account that it belongs to. */
  readonly account: string;
  /** The process that listens. */
  readonly pid: number;
}

/** What was made on this machine and is not removed yet, so that a crash leaves nothing behind at Aircall for good. */
export interface LeftOver {
  readonly add: (made: Made) => void;
  readonly remove: (url: string) => void;
  /** The webhooks of this account whose process is gone. */
  readonly of: (account: string) => readonly Made[];
}

export function createLeftOver(env: NodeJS.ProcessEnv): LeftOver {
  const state = env["XDG_STATE_HOME"] || join(env["HOME"] || homedir(), ".local", "state");
  const path = join(state, "express-aircall", "listen.json");
  const others = (url: string) => read(path).filter((made) => made.url !== url);

  return {
    add: (made) => write(path, [...others(made.url), made]),
    remove: (url) => write(path, others(url)),
    of: (account) => read(path).filter((made) => made.account === account && !runs(made.pid)),
  };
}

function read(path: string): Made[] {
  try {
    const list: unknown = JSON.parse(readFileSync(path, "utf8"));
    return Array.isArray(list) ? list.flatMap(madeOf) : [];
  } catch {
    return [];
  }
}

function madeOf(item: unknown): Made[] {
  const { url, account, pid } = fields(item);
  const good = typeof url === "string" && typeof account === "string" && typeof pid === "number";
  return good ? [{ url, account, pid }] : [];
}

function write(path: string, list: readonly Made[]): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, JSON.stringify(list), { mode: 0o600 });
  renameSync(beside, path);
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return fields(error)["code"] === "EPERM";
  }
}
