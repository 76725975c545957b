import { setTimeout as pause } from "node:timers/promises";
import type { Answered } from "./answered";
import { attempt, type Outcome } from "./attempt";
import type { TimedDeadline } from "./deadline";
import type { CallOptions, HttpParts } from "./http";
import type { Message } from "./message";
import type { Owner } from "./owner";
import { createReport, type Report, type Source } from "./report";
import { createRetries } from "./retry";
import { type Lane, openTurns, type Turn } from "./turns";

/** What is known of one call on its way. */
export interface Errand {
  readonly message: Message;
  readonly options: CallOptions;
  readonly parse: boolean;
  readonly lane: Lane;
  readonly report: Report;
  source: Source;
  /** Null until it is known, and where nobody is connected. */
  owner: Owner | null;
  /** The one it holds; whoever ends the exchange from outside gives it back. */
  turn: Turn | null;
}

export function createErrand(message: Message, options: CallOptions, parse: boolean, now?: () => number): Errand {
  const { lane = "interactive" } = options;
  const report = createReport(message.request, options, now);
  return { message, options, parse, lane, report, source: "aircall", owner: null, turn: null };
}

const defaultSleep = (ms: number, signal: AbortSignal) => pause(ms, undefined, { signal });

/** Brings back an answer, after as many attempts as it takes and the deadline allows. */
export function createExchange({ transport, tokens, turns = openTurns, ...parts }: HttpParts) {
  const { now = Date.now, random = Math.random, sleep = defaultSleep } = parts;

  async function takeTurn(errand: Errand, deadline: TimedDeadline): Promise<void> {
    const { owner, lane, message } = errand;
    if (!owner) return;
    const turn = await turns.take({ budget: owner.budget, lane, request: message.request, deadline });
    if (deadline.stop.stopped) turn.done(null);
    else errand.turn = turn;
  }

  async function attemptInTurn(errand: Errand, deadline: TimedDeadline) {
    await takeTurn(errand, deadline);
    const credential = await tokens.credential(deadline);
    deadline.stop.throwIfStopped();
    errand.turn?.sent();
    errand.report.sent();
    const outcome = await attempt(errand.message, credential, { transport, deadline, now, parse: errand.parse });
    giveBack(errand, outcome);
    return { credential, outcome };
  }

  return async function exchange(errand: Errand, deadline: TimedDeadline): Promise<Answered> {
    const { method, request } = errand.message;
    const waitBeforeRetry = createRetries(method, errand.options.maxRetries ?? 2, random);
    let denied = false;

    for (;;) {
      const { credential, outcome } = await attemptInTurn(errand, deadline);
      const settled = outcome.kind === "answered" || outcome.kind === "denied";
      const waitMs = settled ? null : waitBeforeRetry(outcome, deadline);
      errand.report.attempted(outcome, waitMs, deadline);
      if (outcome.kind === "answered") return outcome.answered;
      if (outcome.kind === "denied") {
        if (denied) throw outcome.error;
        denied = true;
        const verdict = await tokens.refused(credential, outcome.status, deadline, request);
        if (verdict === "permission") throw outcome.error;
        continue;
      }
      if (waitMs === null) throw outcome.error;
      await sleep(waitMs, deadline.signal);
    }
  };
}

function giveBack(errand: Errand, { rate, ...outcome }: Outcome): void {
  const { turn } = errand;
  errand.turn = null;
  turn?.done(rate, outcome.kind === "limited" ? outcome.retryAfterMs : undefined);
}
