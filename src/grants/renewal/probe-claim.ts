import { randomUUID } from "node:crypto";
import { sha256 } from "../../config/sha256";
import type { Grant } from "../grant";
import type { ClaimOutcome, GrantStore } from "../store";
import { probeEveryMs } from "./suspension";
import type { Verdict } from "./verdict";

/** What the one who asks Aircall has for it. */
export const probeTimeoutMs = 10_000;
/** A claim ends a little before what is remembered does, so that who asks again does not find it still standing. */
const marginMs = 1_000;
/** For how long the others hear what came of it. */
const outcomeMs = 60_000;
const firstPauseMs = 50;
const longestPauseMs = 1_000;

/** Who asks about a token: one of all processes. */
export interface ProbeClaim {
  readonly ours: boolean;
  /** Tells the others what came of it. */
  settle(verdict: Verdict): Promise<void>;
  /** What the one who asks finds out. */
  hear(): Promise<Verdict>;
}

export interface ProbeClaimsParts {
  readonly store: GrantStore;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
}

/** Of all processes that meet a refusal, one asks. */
export function createProbeClaims({ store, now, sleep }: ProbeClaimsParts) {
  async function hear(key: string, leftMs: number): Promise<Verdict> {
    const endsAt = performance.now() + leftMs;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      const outcome = await store.outcome(key);
      if (outcome || performance.now() >= endsAt) return verdictIn(outcome);
      await sleep(pauseMs);
    }
  }

  return async function claim(id: string, grant: Grant): Promise<ProbeClaim> {
    const key = keyOf(id, grant);
    const { ours, ageMs } = await store.claim(key, randomUUID(), probeEveryMs(grant, now()) - marginMs);
    return {
      ours,
      settle: (verdict) => store.settle(key, outcomeOf(verdict), outcomeMs).catch(() => undefined),
      hear: () => hear(key, probeTimeoutMs - ageMs),
    };
  };
}

/** A token, not a version: writing a verdict down must not ask for another. In its grant's hash tag. */
function keyOf(id: string, { accessToken }: Grant): string {
  return `${id}:probe:${sha256(accessToken)}`;
}

/** In the words that a store has for what came of a claim. */
function outcomeOf(verdict: Verdict): ClaimOutcome {
  return { error: verdict };
}

function verdictIn(outcome: ClaimOutcome | null): Verdict {
  const told = outcome && "error" in outcome ? outcome.error : null;
  return told === "accepted" || told === "refused" ? told : "unknown";
}
