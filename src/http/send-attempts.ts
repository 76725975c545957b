import { setTimeout as pause } from "node:timers/promises";
import { type Answered, createAnswered } from "./response";
import { sendOnce, type Attempted } from "./send";
import type { TimedDeadline } from "../time/deadline";
import type { CallOptions } from "./options";
import type { HttpParts } from "./parts";
import type { OutgoingRequest } from "./request";
import type { Owner } from "./credential";
import { createSeat, type Seat } from "./dedupe";
import { createReport, type Report } from "./telemetry";
import { type Care, createRetries } from "./retry";
import { type Lane, unlimited, type Permit } from "./limiter";

/** What is known of one call on its way. */
export interface RequestContext {
  readonly message: OutgoingRequest;
  readonly options: CallOptions;
  readonly parse: boolean;
  readonly lane: Lane;
  readonly report: Report;
  readonly seat: Seat;
  /** Null until it is known, and where nobody is connected. */
  owner: Owner | null;
  /** The permit it holds; whoever ends the exchange from outside gives it back. */
  permit: Permit | null;
}

interface Chosen {
  readonly options: CallOptions;
  readonly parse: boolean;
  readonly now: (() => number) | undefined;
}

export function createRequestContext(message: OutgoingRequest, { options, parse, now }: Chosen): RequestContext {
  const { lane = "interactive" } = options;
  const report = createReport(message, options, now);
  const seat = createSeat({ acts: message.method !== "GET" });
  return { message, options, parse, lane, report, seat, owner: null, permit: null };
}

const unknownRate = { limit: null, remaining: null, resetAt: null };
const nothing: ReadonlySet<string> = new Set();
const defaultSleep = (ms: number, signal: AbortSignal) => pause(ms, undefined, { signal });

/** Brings back an answer, after as many attempts as it takes and the deadline allows. */
export function createSendAttempts({ transport, tokens, limiter = unlimited, ...parts }: HttpParts) {
  const { now = Date.now, random = Math.random, sleep = defaultSleep } = parts;
  const { idempotent = nothing, asker = { session: null } } = parts;

  function careOf({ method, request }: OutgoingRequest): Care {
    if (method === "GET") return "reads";
    return idempotent.has(request) ? "idempotent" : "acts";
  }

  async function attemptWithPermit(context: RequestContext, deadline: TimedDeadline) {
    const { owner, lane } = context;
    if (owner) {
      const { request } = context.message;
      const permit = await limiter.acquire({ budget: owner.budget, lane, asker, request, deadline });
      if (deadline.stop.stopped) permit.done(null);
      else context.permit = permit;
    }
    const credential = await tokens.credential(deadline);
    deadline.stop.throwIfStopped();
    context.permit?.sent();
    context.report.sent();
    const { message, parse, seat } = context;
    const { trail } = seat;
    const fresh = careOf(message) === "acts";
    const attempted = await sendOnce(message, credential, { transport, deadline, now, parse, trail, fresh });
    giveBack(context, attempted);
    return { credential, attempted };
  }

  return async function exchange(context: RequestContext, deadline: TimedDeadline): Promise<Answered> {
    const { message, options } = context;
    const { trail } = context.seat;
    const waitBeforeRetry = createRetries(careOf(message), options.maxRetries ?? 2, random);
    let denied = false;

    for (;;) {
      const before = trail.outcome;
      const { credential, attempted } = await attemptWithPermit(context, deadline);
      const settled = attempted.kind === "answered" || attempted.kind === "denied";
      const waitMs = settled ? null : waitBeforeRetry(attempted, deadline);
      context.report.attempted(attempted, waitMs, deadline);
      if (attempted.kind === "answered") return attempted.answered;
      if (attempted.kind === "denied") {
        // The token source hears of the second refusal too: it may know that it passes.
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

/** A 404 or 410 to a DELETE, after an attempt that may have been carried out, says that it was. */
function isGone({ method }: OutgoingRequest, { status }: Attempted): boolean {
  return method === "DELETE" && (status === 404 || status === 410);
}

function nothingLeft({ rate }: Attempted): Answered {
  const noContent = { status: 204, headers: {}, rate: rate ?? unknownRate, bytes: Buffer.alloc(0) };
  return createAnswered(noContent, { parse: true });
}

function giveBack(context: RequestContext, { rate, ...attempted }: Attempted): void {
  const { permit } = context;
  context.permit = null;
  permit?.done(rate, attempted.kind === "limited" ? attempted.retryAfterMs : undefined);
}
