import { createHash } from "node:crypto";
import type { GrantStore } from "./store";

/**
 * Refresh tokens whose last answer was lost: the server may still be at work on them, or has given out others that nobody
 * received. Kept in the store, so that no other process sends them meanwhile.
 */
export interface Doubts {
  begin(id: string, refreshToken: string, lifeMs: number): Promise<void>;
  /** For how many milliseconds nobody should send this token; 0 when it may be sent. */
  remainingMs(id: string, refreshToken: string): Promise<number>;
}

export function createDoubts(store: GrantStore, now: () => number): Doubts {
  return {
    begin: (id, refreshToken, lifeMs) =>
      store.settle(keyOf(id, refreshToken), { error: String(now() + lifeMs) }, lifeMs),
    async remainingMs(id, refreshToken) {
      const outcome = await store.outcome(keyOf(id, refreshToken));
      const endsAt = outcome && "error" in outcome ? Number(outcome.error) : 0;
      return Math.max(0, endsAt - now());
    },
  };
}

/** In its grant's hash tag. */
function keyOf(id: string, refreshToken: string): string {
  return `${id}:doubt:${createHash("sha256").update(refreshToken).digest("base64url")}`;
}
