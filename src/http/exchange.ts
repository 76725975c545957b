import { setTimeout as pause } from "node:timers/promises";
import { attempt } from "./attempt";
import { withDeadline } from "./deadline";
import type { CallOptions, HttpParts, Turn } from "./http";
import type { Message } from "./message";
import { createRetries } from "./retry";

const openTurn: Turn = { take: () => Promise.resolve(), saw: () => undefined };
const defaultSleep = (ms: number, signal: AbortSignal) => pause(ms, undefined, { signal });

/** Brings back the body of an answer, after as many attempts as it takes and the deadline allows. */
export function createExchange({ transport, tokens, turn = openTurn, ...parts }: HttpParts) {
  const { now = Date.now, random = Math.random, sleep = defaultSleep } = parts;

  return async function exchange(message: Message, options: CallOptions): Promise<unknown> {
    const { timeoutMs = parts.timeoutMs, maxRetries = 2, signal } = options;
    const { method, request } = message;
    const waitBeforeRetry = createRetries(method, maxRetries, random);
    let denied = false;

    return withDeadline({ request, timeoutMs, signal, now }, async (deadline) => {
      for (;;) {
        await turn.take(deadline);
        const credential = await tokens.credential(deadline);
        deadline.signal.throwIfAborted();
        const outcome = await attempt(message, credential, { transport, turn, deadline, now });
        if (outcome.kind === "answered") return outcome.body;
        if (outcome.kind === "denied") {
          if (denied) throw outcome.error;
          denied = true;
          const verdict = await tokens.refused(credential, outcome.status, deadline, request);
          if (verdict === "permission") throw outcome.error;
          continue;
        }
        const waitMs = waitBeforeRetry(outcome, deadline);
        if (waitMs === null) throw outcome.error;
        await sleep(waitMs, deadline.signal);
      }
    });
  };
}
