import { randomUUID } from "node:crypto";
import { RateLimitError, SignInError } from "../errors/errors";
import type { GrantStore } from "../grants/store";

const mostWrong = 5;
const aMinuteMs = 60_000;
const noRate = { limit: null, remaining: null, resetAt: null };

/** Counts wrong keys over all processes: five for a tenant and minute, so that nobody tries them one after the other. */
export interface KeyAttempts {
  /**
   * Runs `work`, and counts it where Aircall refuses the key.
   * @throws {RateLimitError} too many were wrong within the last minute; nothing was tried.
   */
  count<T>(work: () => Promise<T>): Promise<T>;
}

/** `tenant` names the app and the company. */
export function createKeyAttempts(store: GrantStore, tenant: string): KeyAttempts {
  const owner = randomUUID();

  /** Each attempt takes one of five places for a minute, and gives it back unless the key was wrong. */
  async function take(): Promise<string> {
    let waitMs = aMinuteMs;
    for (let place = 0; place < mostWrong; place += 1) {
      const key = `key-attempt:${tenant}:${place}`;
      const { ours, ageMs } = await store.claim(key, owner, aMinuteMs);
      if (ours) return key;
      waitMs = Math.min(waitMs, Math.max(aMinuteMs - ageMs, 1));
    }
    throw new RateLimitError("connectKey()", waitMs, noRate);
  }

  return {
    async count(work) {
      const place = await take();
      let wrong = false;
      try {
        return await work();
      } catch (error) {
        wrong = error instanceof SignInError && error.code === "key_refused";
        throw error;
      } finally {
        if (!wrong) await store.renewClaim(place, owner, 1).catch(() => undefined);
      }
    },
  };
}
