import type { GrantStore } from "../store";
import { ClaimTable } from "./claim-table";

/** Claims that are exact in one process. */
export function createClaims(now: () => number): Pick<GrantStore, "claim" | "renewClaim" | "settle" | "outcome"> {
  const table = new ClaimTable(now);

  return {
    claim: (key, owner, ttlMs) => Promise.resolve(table.claim(key, owner, ttlMs)),
    renewClaim: (key, owner, ttlMs) => Promise.resolve(table.renew(key, owner, ttlMs)),
    settle: (key, outcome, keepMs) => Promise.resolve(table.settle(key, outcome, keepMs)),
    outcome: (key) => Promise.resolve(table.outcome(key)),
  };
}
