import { setTimeout as pause } from "node:timers/promises";
import { type Answered, createAnswered } from "./response";
import { attempt, type Attempted } from "./send";
import type { TimedDeadline } from "../time/deadline";
import type { CallOptions } from "./options";
import type { HttpParts } from "./parts";
import type { Message } from "./request";
import type { Owner } from "./credential";
import { createReport, type Report, type Source } from "./telemetry";
import { type Care, createRetries } from "./retry";
import { Trail } from "./trail";
import { type Lane, unlimited, type Permit } from "./limiter";

/** What is known of one call on its way. */
export interface Errand {
  readonly message: Message;
  readonly options: CallOptions;
  readonly parse: boolean;
  readonly lane: Lane;
  readonly report: Report;
  /** Of the request that it waits for, which may be another's. */
  trail: Trail;
  source: Source;
  /** Null until it is known, and where nobody is connected. */
  owner: Owner | null;
  /** The one it holds; whoever ends the exchange from outside gives it back. */
  turn: Permit | null;
}

export function createErrand(message: Message, options: CallOptions, parse: boolean, now?: () => number): Errand {
  const { lane = "interactive" } = options;
  const report = createReport(message.request, options, now);
  const trail = new Trail({ acts: message.method !== "GET" });
  return { message, options, parse, lane, report, trail, source: "aircall", owner: null, turn: null };
}

const unknownRate = { limit: null, remaining: null, resetAt: null };
const nothing: ReadonlySet<string> = new Set();
const defaultSleep = (ms: number, signal: AbortSignal) => pause(ms, undefined, { signal });

/** Brings back an answer, after as many attempts as it takes and the deadline allows. */
export function createExchange({ transport, tokens, turns = unlimited, ...parts }: HttpParts) {
  const { now = Date.now, random = Math.random, sleep = defaultSleep } = parts;
  const { repeatable = nothing, asker = { session: null } } = parts;

  function careOf({ method, request }: Message): Care {
    if (method === "GET") return "reads";
    return repeatable.has(request) ? "repeatable" : "acts";
  }

  async function takeTurn(errand: Errand, deadline: TimedDeadline): Promise<void> {
    const { owner, lane, message } = errand;
    if (!owner) return;
    const turn = await turns.acquire({ budget: owner.budget, lane, asker, request: message.request, deadline });
    if (deadline.stop.stopped) turn.done(null);
    else errand.turn = turn;
  }

  async function attemptInTurn(errand: Errand, deadline: TimedDeadline) {
    await takeTurn(errand, deadline);
    const credential = await tokens.credential(deadline);
    deadline.stop.throwIfStopped();
    errand.turn?.sent();
    errand.report.sent();
    const { message, parse, trail } = errand;
    const fresh = careOf(message) === "acts";
    const attempted = await attempt(message, credential, { transport, deadline, now, parse, trail, fresh });
    giveBack(errand, attempted);
    return { credential, attempted };
  }

  return async function exchange(errand: Errand, deadline: TimedDeadline): Promise<Answered> {
    const { message, options, trail } = errand;
    const waitBeforeRetry = createRetries(careOf(message), options.maxRetries ?? 2, random);
    let denied = false;

    for (;;) {
      const before = trail.outcome;
      const { credential, attempted } = await attemptInTurn(errand, deadline);
      const settled = attempted.kind === "answered" || attempted.kind === "denied";
      const waitMs = settled ? null : waitBeforeRetry(attempted, deadline);
      errand.report.attempted(attempted, waitMs, deadline);
      if (attempted.kind === "answered") return attempted.answered;
      if (attempted.kind === "denied") {
        // Of the second one too its source hears, who may know that it passes.
        const verdict = await tokens.refused(credential, attempted.status, deadline, message.request);
        if (verdict === "permission" || denied) throw attempted.error;
        denied = true;
        continue;
      }
      if (before === "unknown" && isGone(message, attempted)) return nothingLeft(attempted);
      if (waitMs === null) throw attempted.error;
      await sleep(waitMs, deadline.signal);
    }
  };
}

/** After an attempt to delete that may have been carried out, this says that it was. */
function isGone({ method }: Message, { status }: Attempted): boolean {
  return method === "DELETE" && status === 404;
}

function nothingLeft({ rate }: Attempted): Answered {
  const noContent = { status: 204, headers: {}, rate: rate ?? unknownRate, bytes: Buffer.alloc(0) };
  return createAnswered(noContent, { parse: true });
}

function giveBack(errand: Errand, { rate, ...attempted }: Attempted): void {
  const { turn } = errand;
  errand.turn = null;
  turn?.done(rate, attempted.kind === "limited" ? attempted.retryAfterMs : undefined);
}
