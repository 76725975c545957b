import { AircallError, TimeoutError } from "../errors/errors";
import { ofRequest } from "../errors/of-request";
import type { Answered } from "./response";
import { beforeSending } from "./before-sending";
import { checkCallOptions, type CallOptions } from "./options";
import { listenTo, type TimedDeadline, withDeadline, type Deadline } from "../time/deadline";
import { createRequestContext, createSendAttempts, type RequestContext } from "./send-attempts";
import type { HttpParts } from "./parts";
import type { OutgoingRequest } from "./request";
import type { Owner } from "./credential";
import { Cancellation } from "../time/cancel";
import { createDedupe, type Flight, type FlightKeys } from "./dedupe";

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
  const { tokens, dedupe = createDedupe(parts.now), now = Date.now } = parts;
  const exchange = createSendAttempts(parts);
  let budget: string | null = null;

  async function ownerWithin(deadline: Deadline): Promise<Owner | null> {
    const owner = await tokens.owner();
    if (owner) return owner;
    // Says why there is none, or finds that Aircall accepts a grant again that was given up.
    await tokens.credential(deadline);
    return tokens.owner();
  }

  async function within(context: RequestContext, limits: Limits, work: (deadline: TimedDeadline) => Promise<Answered>) {
    const { message, options } = context;
    const { timeoutMs = parts.timeoutMs } = options;
    const { request } = message;
    const outcome = () => context.trail.outcome;
    try {
      return await withDeadline({ request, timeoutMs, now, outcome, ...limits }, async (deadline) => {
        context.owner = await ownerWithin(deadline);
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
      return await within(context, { signal: context.options.signal }, (deadline) => exchange(context, deadline));
    } finally {
      if (context.owner) dedupe.forget(context.owner.grant);
    }
  }

  async function read(context: RequestContext, { reusable, left }: How): Promise<Answered> {
    const { signal } = context.options;
    signal?.throwIfAborted();
    left?.throwIfStopped();
    const stop = new Cancellation();
    const seat: Seat = { flight: null };
    const answer: Promise<Answered> = within(context, { stop }, (deadline) =>
      context.owner ? share(context, deadline, { seat, answer, stop, reusable }) : exchange(context, deadline),
    );
    if (!signal && !left) return answer;
    const leaving = [signal, left].filter((until) => until !== undefined);
    return untilLeft(answer, leaving, (reason) => {
      if (seat.flight) dedupe.leave(seat.flight, reason);
      if (seat.flight?.stop !== stop) stop.stop(reason);
    });
  }

  async function share(context: RequestContext, deadline: TimedDeadline, own: Own): Promise<Answered> {
    const keys = keysOf(context);
    const { cacheMs = 0 } = context.options;
    const { trail } = context;
    for (;;) {
      const kept = cacheMs > 0 && dedupe.kept(keys, cacheMs);
      if (kept && own.reusable?.(kept) !== false) {
        context.source = "kept";
        return kept;
      }
      const running = dedupe.underWay(keys);
      const flight = running ?? dedupe.begin({ keys, answer: own.answer, stop: own.stop, trail });
      own.seat.flight = flight;
      context.trail = flight.trail;
      context.source = running ? "shared" : "aircall";
      try {
        const answered = await (running ? join(running) : exchange(context, deadline));
        if (cacheMs > 0) dedupe.keep(flight, answered);
        return answered;
      } catch (error) {
        // The one who began it had less time left than this caller has.
        if (!(running && error instanceof TimeoutError && deadline.remainingMs() > 0)) throw error;
      }
    }
  }

  async function call(message: OutgoingRequest, options: CallOptions, how: How) {
    const { request } = message;
    beforeSending(request, () => checkCallOptions(options));
    const { cacheMs = 0 } = options;
    // What is kept has to be whole, whoever asks for it first.
    const context = createRequestContext(message, options, how.parse || cacheMs > 0, parts.now);
    try {
      const answered = await (message.method === "GET" ? read(context, how) : write(context));
      context.report.settled(context.source, answered.status);
      return answered;
    } catch (error) {
      context.report.settled(context.source, null, { error, outcome: context.trail.outcome });
      throw error instanceof AircallError ? ofRequest(error, request, context.trail.outcome) : error;
    }
  }

  return Object.assign(call, { spent: () => budget });
}

interface Limits {
  readonly signal?: AbortSignal | undefined;
  readonly stop?: Cancellation;
}

/** Which flight a caller waits for. */
interface Seat {
  flight: Flight | null;
}

/** What a caller brings who begins a flight. */
interface Own extends Pick<Flight, "stop"> {
  readonly answer: Promise<Answered>;
  readonly seat: Seat;
  readonly reusable: How["reusable"];
}

/** Of a flight that is under way. */
function join(flight: Flight): Promise<Answered> {
  flight.callers += 1;
  return flight.answer!;
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
