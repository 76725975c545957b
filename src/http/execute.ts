import { AircallError } from "../errors/errors";
import { ofRequest } from "../errors/of-request";
import type { Cancellation } from "../time/cancel";
import { type Deadline, listenTo, type TimedDeadline, withDeadline } from "../time/deadline";
import { beforeSending } from "./before-sending";
import type { Owner, TokenSource } from "./credential";
import { createDedupe, type FlightKeys } from "./dedupe";
import { checkCallOptions, type CallOptions } from "./options";
import type { HttpParts } from "./parts";
import type { OutgoingRequest } from "./request";
import type { Answered } from "./response";
import { createRequestContext, createSendAttempts, type RequestContext } from "./send-attempts";
import { throwIfAborted } from "../time/signal";

export interface Execute {
  (message: OutgoingRequest, options: CallOptions, how: How): Promise<Answered>;
  /** Whose budget the latest call spent from; null before the first. */
  spent(): string | null;
}

interface How {
  /** Whether a good answer must be JSON. */
  readonly parse: boolean;
  /** Whether an answer that was kept will do. Default: it will. */
  readonly reusable?: ((kept: Answered) => boolean) | undefined;
  /** Ends the waiting for what is read, as the caller's signal does. */
  readonly left?: Cancellation | undefined;
}

/** One call of the developer's, within its deadline. Identical reads that meet are one request. */
export function createExecute(parts: HttpParts): Execute {
  const { tokens, dedupe = createDedupe(parts.now), now = Date.now, onDone } = parts;
  const exchange = createSendAttempts(parts);
  let budget: string | null = null;

  async function within(
    context: RequestContext,
    signal: AbortSignal | undefined,
    work: (deadline: TimedDeadline) => Promise<Answered>,
  ): Promise<Answered> {
    const { seat, message, options } = context;
    const { timeoutMs = parts.timeoutMs } = options;
    const outcome = () => seat.trail.outcome;
    const limits = { request: message.request, timeoutMs, signal, stop: seat.stop, now, outcome };
    try {
      return await withDeadline(limits, async (deadline) => {
        context.owner = (await tokens.owner()) ?? (await ownerAfterAll(tokens, deadline));
        deadline.stop.throwIfStopped();
        budget = context.owner?.budget ?? budget;
        return work(deadline);
      });
    } finally {
      context.permit?.done(null);
      context.permit = null;
    }
  }

  async function write(context: RequestContext): Promise<Answered> {
    try {
      return await within(context, context.options.signal, (deadline) => exchange(context, deadline));
    } finally {
      if (context.owner) dedupe.forget(context.owner.grant);
    }
  }

  function read(context: RequestContext, { reusable, left }: How): Promise<Answered> {
    const { seat, options } = context;
    const { signal, cacheMs = 0 } = options;
    throwIfAborted(signal);
    left?.throwIfStopped();
    const answer = within(context, undefined, (deadline) => {
      const send = () => exchange(context, deadline);
      return context.owner ? dedupe.read(seat, { keys: keysOf(context), cacheMs, reusable, deadline }, send) : send();
    });
    seat.answer = answer;
    if (!signal && !left) return answer;
    const leaving = [signal, left].filter((until) => until !== undefined);
    return untilLeft(answer, leaving, (reason) => dedupe.leave(seat, reason));
  }

  async function call(message: OutgoingRequest, options: CallOptions, how: How) {
    const { request } = message;
    beforeSending(request, () => checkCallOptions(options));
    const { cacheMs = 0 } = options;
    // A cached answer has to be known as JSON, whoever asks for it first.
    const parse = how.parse || cacheMs > 0;
    const context = createRequestContext(message, { options, parse, now: parts.now });
    const { seat, report } = context;
    try {
      const answered = await (message.method === "GET" ? read(context, how) : write(context));
      report.settled(seat.source, answered.status);
      noteWrite(context, onDone);
      return answered;
    } catch (error) {
      const { outcome } = seat.trail;
      report.settled(seat.source, null, { error, outcome });
      if (outcome === "unknown") noteWrite(context, onDone);
      throw error instanceof AircallError ? ofRequest(error, request, outcome) : error;
    }
  }

  return Object.assign(call, { spent: () => budget });
}

/** The credential says why there is no owner, or finds that Aircall accepts a suspended grant again. */
async function ownerAfterAll(tokens: TokenSource, deadline: Deadline): Promise<Owner | null> {
  await tokens.credential(deadline);
  return tokens.owner();
}

function noteWrite({ message, owner }: RequestContext, onDone: HttpParts["onDone"]): void {
  if (message.method !== "GET") onDone?.({ request: message.request, file: null, owner });
}

function keysOf({ message, options, owner, parse }: RequestContext): FlightKeys {
  const { lane, timeoutMs, maxRetries } = options;
  const answer = `${owner?.grant} ${message.url}${message.list ? ` ${message.list.key}` : ""}`;
  const plain = parse && lane === undefined && timeoutMs === undefined && maxRetries === undefined;
  return { answer, flight: plain ? answer : `${answer} ${parse} ${lane} ${timeoutMs} ${maxRetries}` };
}

/** The answer, or the reason of the first that ends if that comes first: `leave` says what ends then. */
function untilLeft<T>(
  answer: Promise<T>,
  leaving: readonly (AbortSignal | Cancellation)[],
  leave: (reason: unknown) => void,
) {
  return new Promise<T>((resolve, reject) => {
    const listening = leaving.map((until) =>
      listenTo(until, (reason) => {
        stopListening();
        leave(reason);
        reject(reason);
      }),
    );
    const stopListening = () => listening.forEach((stop) => stop());
    answer.then(resolve, reject).finally(stopListening);
  });
}
