import { setTimeout as realSleep } from "node:timers/promises";
import { AircallError, SignInError } from "../errors";
import type { GrantStore, Outcome } from "../grants/store";

/** Longer than an attempt lives, so that a code can never be sent again. */
const claimLifeMs = 11 * 60_000;
const patienceMs = 5_000;
const pollMs = 50;

/**
 * A browser may send one callback twice, and the code in it works once. The first runs `exchange`; the second exchanges
 * nothing, waits for what came of the first and learns the same grant id, with `result` null.
 */
export async function onlyOnce<T>(
  grants: GrantStore,
  key: string,
  exchange: () => Promise<{ id: string; result: T }>,
  { sleep = (ms: number) => realSleep(ms) } = {},
): Promise<{ id: string; result: T | null }> {
  if (!(await grants.claim(key, claimLifeMs))) return { id: await outcomeOf(grants, key, sleep), result: null };
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
  async function tellOthers(outcome: Outcome): Promise<void> {
    await grants.settle(key, outcome).catch(() => undefined);
  }
}

async function outcomeOf(grants: GrantStore, key: string, sleep: (ms: number) => Promise<unknown>): Promise<string> {
  for (let waitedMs = 0; waitedMs <= patienceMs; waitedMs += pollMs) {
    const outcome: Outcome | null = await grants.outcome(key);
    if (outcome && "grantId" in outcome) return outcome.grantId;
    if (outcome) throw new SignInError("sign_in_state", "This sign-in did not succeed the first time. Begin again.");
    await sleep(pollMs);
  }
  throw new SignInError("sign_in_state", "This sign-in was used already. Begin again.");
}
