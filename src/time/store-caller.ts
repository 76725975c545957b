import { StoreError } from "../errors/errors";
import { circuitBreakerOf } from "./circuit-breaker";
import { inTime } from "./store-call";
import { apartFromRequest, currentStoreTime } from "./store-time";

const maxOverdue = 100;
const tryAgainAfterMs = 1_000;

/**
 * What a store answers within two seconds, else a StoreError. `undo` takes back what a failed call may have done all the
 * same; it is called again when that call is answered late.
 */
export type CallStore = <T>(operation: string, ask: () => Promise<T>, undo?: () => Promise<unknown>) => Promise<T>;

/** Calls through the app's own client of a store, which is called `name` in errors. `now` is monotonic, in milliseconds. */
export function createStoreCaller(client: object, name: string, now = () => performance.now()): CallStore {
  const silence = circuitBreakerOf(client);
  let overdue = 0;
  let triedAt = 0;

  /**
   * Once somebody waited in vain, no request does. Clients queue without end for a server that is away: beyond a hundred
   * calls jobs do not either. One call a second finds out if it is back.
   */
  function refuseWhileStuck(operation: string): void {
    const at = now();
    const stuck = overdue >= maxOverdue && at - triedAt < tryAgainAfterMs;
    if (stuck || (currentStoreTime() && silence.keepsAway(tryAgainAfterMs))) {
      throw new StoreError(operation, `${name} has stopped answering`);
    }
    triedAt = at;
  }

  function waitOn(asked: Promise<unknown>): void {
    overdue += 1;
    asked.catch(ignore).finally(() => (overdue -= 1));
  }

  return async function call(operation, ask, undo = () => Promise.resolve()) {
    refuseWhileStuck(operation);
    const askedAt = performance.now();
    let asked: Promise<unknown> | undefined;
    let settled = false;

    function askNow() {
      const answer = ask().finally(() => {
        settled = true;
        silence.heardFrom();
      });
      asked = answer;
      return answer;
    }

    try {
      const onSilence = () => silence.waitedInVain(askedAt, tryAgainAfterMs);
      return await inTime(operation, askNow, { onSilence, store: name });
    } catch (error) {
      const sent = asked;
      if (!sent) throw error;
      apartFromRequest(undo).catch(ignore);
      if (!settled) apartFromRequest(() => waitOn(sent.then(undo)));
      throw error;
    }
  };
}

function ignore(): void {}
