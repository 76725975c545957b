import { createExpiringMap } from "../../time/expiring-map";
import type { Claim, ClaimOutcome, GrantStore } from "../store";

const maxClaims = 100_000;

/** Claims that are exact in one process. */
export function createClaims(now: () => number): Pick<GrantStore, "claim" | "renewClaim" | "settle" | "outcome"> {
  const taken = createExpiringMap<{ readonly owner: string; readonly at: number }>(maxClaims, now);
  const outcomes = createExpiringMap<ClaimOutcome>(maxClaims, now);

  function take(key: string, owner: string, ttlMs: number): Claim {
    const held = taken.get(key);
    if (held) return { ours: held.owner === owner, ageMs: now() - held.at };
    taken.set(key, { owner, at: now() }, ttlMs);
    return { ours: true, ageMs: 0 };
  }

  function renew(key: string, owner: string, ttlMs: number): boolean {
    const held = taken.get(key);
    if (held?.owner !== owner) return false;
    taken.set(key, held, ttlMs);
    return true;
  }

  return {
    claim: (key, owner, ttlMs) => Promise.resolve(take(key, owner, ttlMs)),
    renewClaim: (key, owner, ttlMs) => Promise.resolve(renew(key, owner, ttlMs)),
    settle: (key, outcome, keepMs) => Promise.resolve(outcomes.set(key, outcome, keepMs)),
    outcome: (key) => Promise.resolve(outcomes.get(key) ?? null),
  };
}
