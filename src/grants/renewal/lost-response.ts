import { sha256 } from "../../config/sha256";
import type { GrantStore } from "../store";

/**
 * Refresh tokens whose last response was lost: the server may still be at work on them, or has given out others that nobody
 * received. Kept in the store, so that no other process sends them meanwhile.
 */
export interface LostResponses {
  begin(id: string, refreshToken: string, lifeMs: number): Promise<void>;
  /** For how many milliseconds nobody should send this token, by the clocks here; 0 only when it may be sent. */
  remainingMs(id: string, refreshToken: string): Promise<number>;
}

/** A mark ends a little before the cool-down of who set it, who must not find it still standing then. */
const marginMs = 250;

/** How long they last is for the clock of the store to say; what is written down is only told to those who wait. */
export function createLostResponses(store: GrantStore, now: () => number): LostResponses {
  return {
    begin: (id, refreshToken, lifeMs) =>
      store.settle(keyOf(id, refreshToken), { error: String(now() + lifeMs) }, lifeMs - marginMs),
    async remainingMs(id, refreshToken) {
      const outcome = await store.outcome(keyOf(id, refreshToken));
      if (!outcome || !("error" in outcome)) return 0;
      return Math.max(marginMs, Number(outcome.error) - now());
    },
  };
}

/** In its grant's hash tag. */
function keyOf(id: string, refreshToken: string): string {
  return `${id}:doubt:${sha256(refreshToken)}`;
}
