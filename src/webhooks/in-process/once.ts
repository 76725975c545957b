import { randomUUID } from "node:crypto";
import type { GrantStore } from "../../grants/store";
import { apartFromRequest } from "../../time/store-time";
import { sleep as realSleep } from "../../time/sleep";

/** The lease on an event: a process that is killed keeps it for this long. */
const leaseMs = 15_000;
const renewEveryMs = 5_000;
const askEveryMs = 250;
/** What marks an event as handled: a claim's outcome is a text. */
const handled = { grantId: "handled" };

/** The right to handle an event, or why there is none: it was `handled`, or is being handled `elsewhere`. */
export type Turn = OwnTurn | "handled" | "elsewhere";

/** The right to handle an event, for as long as its process lives. */
export interface OwnTurn {
  /** Marks the event as handled: whoever comes with it again is told. */
  done(): Promise<void>;
  /** Releases the event: the next who comes with it may handle it. */
  giveUp(): Promise<void>;
}

export interface Once {
  /**
   * Waits for at most `patienceMs` for another process that handles the event. Where the store fails the event is
   * ours: rather handled twice than not at all.
   */
  turn(id: string, patienceMs: number): Promise<Turn>;
}

export interface OnceParts {
  readonly store: Pick<GrantStore, "claim" | "renewClaim" | "settle" | "outcome">;
  readonly app: string | null;
  /** How long a handled event is remembered. */
  readonly keepMs: number;
  /** Milliseconds. */
  readonly now?: () => number;
  readonly sleep?: (ms: number) => Promise<unknown>;
}

/** Lets each event be handled once, over all processes that share the store. */
export function createOnce({ store, app, keepMs, ...time }: OnceParts): Once {
  const { now = () => performance.now(), sleep = (ms) => realSleep(ms) } = time;

  return {
    async turn(id, patienceMs) {
      const key = `event:${app}:${id}`;
      const owner = randomUUID();
      const askUntil = now() + patienceMs;
      for (;;) {
        const found = await ask(key, owner).catch(() => "ours" as const);
        if (found === "ours") return ownTurn(key, owner);
        if (found === "handled" || now() >= askUntil) return found;
        await sleep(askEveryMs);
      }
    },
  };

  async function ask(key: string, owner: string): Promise<"ours" | "handled" | "elsewhere"> {
    if ((await store.claim(key, owner, leaseMs)).ours) return "ours";
    return (await store.outcome(key)) ? "handled" : "elsewhere";
  }

  function ownTurn(key: string, owner: string): OwnTurn {
    const renew = () => apartFromRequest(() => store.renewClaim(key, owner, leaseMs)).catch(ignore);
    const renewal = setInterval(() => void renew(), renewEveryMs).unref();
    return {
      async done() {
        clearInterval(renewal);
        // In this order: a claim that outlives its process, and no outcome, would hold the event for all of `keepMs`.
        await apartFromRequest(() => store.settle(key, handled, keepMs)).catch(ignore);
        await apartFromRequest(() => store.renewClaim(key, owner, keepMs)).catch(ignore);
      },
      async giveUp() {
        clearInterval(renewal);
        await apartFromRequest(() => store.renewClaim(key, owner, 1)).catch(ignore);
      },
    };
  }
}

/** No event fails because the store does: claims spare work, no more. */
function ignore(): void {}
