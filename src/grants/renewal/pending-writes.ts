import { StoreError } from "../../errors/errors";
import { tell } from "../../diagnostics";
import type { Tokens } from "../../oauth/tokens";
import type { Grant } from "../grant";
import { sleep as realSleep } from "../../time/sleep";
import { atMost } from "../../time/within";
import { standingAfterRenewal } from "./suspension";
import type { GrantStore } from "../store";
import { apartFromRequest } from "../../time/store-time";

const firstPauseMs = 100;
const longestPauseMs = 5_000;
const closeMs = 20_000;
const maxTries = 20;

/** Tokens that the server has given out. */
export interface Rotation {
  /** The grant whose tokens they take the place of. */
  readonly spent: Grant;
  readonly tokens: Tokens;
}

/** Writes new tokens, and remembers those that the store would not take: the old ones may be worth nothing any more. */
export interface PendingWrites {
  /**
   * What the grant has become; null when it is gone.
   * @throws {StoreError} they were not written; from now on that is tried again and again.
   */
  write(id: string, rotation: Rotation): Promise<Grant | null>;
  /** The next try, at once; undefined when nothing of this grant waits. */
  retry(id: string): Promise<Grant | null> | undefined;
  /** Resolves when nothing of this grant waits any more, or after `limitMs`. */
  settled(id: string, limitMs: number): Promise<void>;
  /** Waits until everything is written, for twenty seconds at most. */
  close(): Promise<void>;
}

/** Needs no bound: without its store nothing new is renewed, so only what was under way as it failed can wait here. */
export function createPendingWrites(store: GrantStore, { sleep = unhurriedSleep } = {}): PendingWrites {
  const waiting = new Map<string, Waiting>();

  async function repeat(id: string, entry: Waiting): Promise<void> {
    for (let pauseMs = firstPauseMs; waiting.get(id) === entry; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      await sleep(pauseMs);
      await retry(id)?.catch(() => undefined);
    }
  }

  function retry(id: string): Promise<Grant | null> | undefined {
    const entry = waiting.get(id);
    if (!entry) return undefined;
    return (entry.trying ??= put(store, id, { ...entry.rotation, stored: null })
      .then((grant) => {
        waiting.delete(id);
        entry.finish();
        return grant;
      }, failed(entry))
      .finally(() => (entry.trying = undefined)));
  }

  async function settled(id: string, limitMs: number): Promise<void> {
    const entry = waiting.get(id);
    if (entry) await atMost(limitMs, entry.finished);
  }

  return {
    async write(id, rotation) {
      try {
        return await put(store, id, { ...rotation, stored: rotation.spent });
      } catch (error) {
        const entry = newWaiting(rotation);
        waiting.set(id, entry);
        void apartFromRequest(() => repeat(id, entry));
        return failed(entry)(error);
      }
    },
    retry,
    settled,
    async close() {
      const ids = [...waiting.keys()];
      for (const id of ids) retry(id)?.catch(() => undefined);
      await Promise.all(ids.map((id) => settled(id, closeMs)));
    },
  };
}

interface Put extends Rotation {
  /** The grant as it was read last; null when it is to be read. */
  readonly stored: Grant | null;
}

/** Lays new tokens over the grant for as long as those that they replace stand in it. */
async function put(store: GrantStore, id: string, { spent, tokens, stored: known }: Put): Promise<Grant | null> {
  let stored = known;
  for (let tries = 0; tries < maxTries; tries += 1) {
    stored ??= await store.get(id);
    if (stored?.accessToken !== spent.accessToken || stored.refreshToken !== spent.refreshToken) return stored;
    const refreshToken = tokens.refreshToken ?? stored.refreshToken;
    const renewed = { ...stored, ...tokens, ...standingAfterRenewal(stored), refreshToken };
    if (await store.replace(id, stored.version, renewed)) return { ...renewed, version: stored.version + 1 };
    stored = null;
  }
  throw new StoreError("keep a grant", "others were always faster");
}

/** Tells of one more attempt that failed, and lets its error through. */
function failed(entry: Waiting): (error: unknown) => never {
  return (error) => {
    entry.failures += 1;
    tell("express-aircall:write-failure", { attempt: entry.failures });
    throw error;
  };
}

interface Waiting {
  readonly rotation: Rotation;
  readonly finished: Promise<void>;
  readonly finish: () => void;
  trying: Promise<Grant | null> | undefined;
  failures: number;
}

function newWaiting(rotation: Rotation): Waiting {
  let finish = (): void => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  return { rotation, finished, finish, trying: undefined, failures: 0 };
}

/** Keeps no process alive, and no two of them in step. */
function unhurriedSleep(ms: number): Promise<unknown> {
  return realSleep(ms * (0.5 + Math.random()), { ref: false });
}
