import { RenewalFailedError } from "../../errors/errors";
import { createMutex } from "../../time/mutex";
import type { GrantStore } from "../store";
import { sleep as realSleep } from "../../time/sleep";
import { apartFromRequest } from "../../time/store-time";

/** Longer than a renewal may take, so that its holder writes before anybody else begins. */
const lockMs = 30_000;
/** A little longer than a caller waits. */
const renewalPatienceMs = 12_000;
const firstReleasePauseMs = 100;
const longestReleasePauseMs = 2_000;

/** Takes a key for one owner and for a time. */
export interface Taking {
  /** The owner that took it; null when somebody else has it. */
  readonly take: (operation: string, key: string, lifeMs: number) => Promise<string | null>;
  /** Does nothing when it has ended, or is somebody else's by now. */
  readonly giveBack: (key: string, owner: string) => Promise<void>;
}

export interface LeaseLockOptions {
  sleep?: (ms: number) => Promise<unknown>;
  /** Monotonic milliseconds. */
  now?: () => number;
  random?: () => number;
  /** What is done, in a StoreError. Default: `lock a grant`. */
  operation?: string;
  /** What is thrown where somebody else has it for longer than `patienceMs`. */
  busy?: () => Error;
  patienceMs?: number;
}

/** `withLock` over all processes. Within each, one asks the store and the others wait for it. */
export function createLeaseLock(
  { take, giveBack }: Taking,
  keyOf: (id: string) => string,
  {
    sleep = (ms) => realSleep(ms, { ref: false }),
    now = () => performance.now(),
    random = Math.random,
    operation = "lock a grant",
    busy = grantIsBusy,
    patienceMs = renewalPatienceMs,
  }: LeaseLockOptions = {},
): GrantStore["withLock"] {
  const exclusively = createMutex();

  async function acquire(key: string): Promise<{ owner: string; endsAt: number }> {
    const startedAt = now();
    for (;;) {
      const sentAt = now();
      const owner = await take(operation, key, lockMs);
      if (owner !== null) return { owner, endsAt: sentAt + lockMs };
      const waitedMs = now() - startedAt;
      if (waitedMs >= patienceMs) throw busy();
      await sleep(pauseMs(waitedMs, random()));
    }
  }

  /** Nobody waits for it. What the store would not take is tried again for as long as the lock would last. */
  async function release(key: string, owner: string, endsAt: number): Promise<void> {
    for (let pause = firstReleasePauseMs; now() < endsAt; pause = Math.min(2 * pause, longestReleasePauseMs)) {
      const released = await giveBack(key, owner).then(
        () => true,
        () => false,
      );
      if (released) return;
      await sleep(pause);
    }
  }

  return (id, work) =>
    exclusively(id, async () => {
      const key = keyOf(id);
      const { owner, endsAt } = await acquire(key);
      try {
        return await work({ remainingMs: () => Math.max(0, endsAt - now()) });
      } finally {
        void apartFromRequest(() => release(key, owner, endsAt));
      }
    });
}

function grantIsBusy(): Error {
  return new RenewalFailedError("somebody else is still at work on it.", 1_000);
}

/** A twentieth of the wait so far, give or take half: soon for a quick renewal, seldom for a slow one. */
function pauseMs(waitedMs: number, random: number): number {
  return Math.min(Math.max(waitedMs / 20, 8), 100) * (0.5 + random);
}
