import { randomUUID } from "node:crypto";
import { AircallError, SignInError } from "../errors/errors";
import type { ClaimOutcome, GrantStore } from "../grants/store";
import { sleep as realSleep } from "../time/sleep";

/** Longer than an attempt lives, so that a code can never be sent again. */
const claimLifeMs = 11 * 60_000;
const outcomeMs = 60_000;
/** What the first of two callbacks may take. */
const patienceMs = 5_000;
const firstPauseMs = 50;

export interface Exchange<T> {
  /** The claim is ours: from here on the attempt is used up. */
  readonly claimed: () => void;
  readonly exchange: () => Promise<{ id: string; result: T }>;
  readonly sleep?: (ms: number) => Promise<unknown>;
}

/**
 * A browser may send one callback twice, and the code in it works once. The first runs `exchange`; the second exchanges
 * nothing, waits for what came of the first and learns the same grant id, with `result` null.
 */
export async function onlyOnce<T>(
  grants: GrantStore,
  key: string,
  { claimed, exchange, sleep = (ms) => realSleep(ms) }: Exchange<T>,
): Promise<{ id: string; result: T | null }> {
  const { ours, ageMs } = await grants.claim(key, randomUUID(), claimLifeMs);
  claimed();
  if (!ours) return { id: await outcomeOf(grants, key, { waitMs: patienceMs - ageMs, sleep }), result: null };
  try {
    const done = await exchange();
    await tellOthers({ grantId: done.id });
    return done;
  } catch (error) {
    // Where the store has failed, nobody waits for it once more.
    void tellOthers({ error: error instanceof AircallError ? error.code : "failed" });
    throw error;
  }

  /** Whoever came second waits in vain where this fails; what came of the first stands. */
  async function tellOthers(outcome: ClaimOutcome): Promise<void> {
    await grants.settle(key, outcome, outcomeMs).catch(() => undefined);
  }
}

/** Asks ever less often; of a claim that is older than any exchange takes, only once. */
async function outcomeOf(
  grants: GrantStore,
  key: string,
  { waitMs, sleep }: { readonly waitMs: number; readonly sleep: (ms: number) => Promise<unknown> },
): Promise<string> {
  for (let waitedMs = 0, pauseMs = firstPauseMs; ; waitedMs += pauseMs, pauseMs *= 1.5) {
    const outcome: ClaimOutcome | null = await grants.outcome(key);
    if (outcome && "grantId" in outcome) return outcome.grantId;
    if (outcome) throw new SignInError("sign_in_state", "This sign-in did not succeed the first time. Begin again.");
    if (waitedMs >= waitMs) throw new SignInError("sign_in_state", "This sign-in was used already. Begin again.");
    await sleep(pauseMs);
  }
}
