import { createExpiringMap } from "./expiring-map";
import type { GrantStore, Outcome } from "./store";

const maxClaims = 100_000;
const outcomeMs = 60_000;

/** Claims that are exact in one process. */
export function createClaims(now: () => number): Pick<GrantStore, "claim" | "settle" | "outcome"> {
  const taken = createExpiringMap<true>(maxClaims, now);
  const outcomes = createExpiringMap<Outcome>(maxClaims, now);

  function take(key: string, ttlMs: number): boolean {
    if (taken.get(key)) return false;
    taken.set(key, true, ttlMs);
    return true;
  }

  return {
    claim: (key, ttlMs) => Promise.resolve(take(key, ttlMs)),
    settle: (key, outcome) => Promise.resolve(outcomes.set(key, outcome, outcomeMs)),
    outcome: (key) => Promise.resolve(outcomes.get(key) ?? null),
  };
}
