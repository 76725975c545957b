import type { RateSnapshot } from "./api";
import { AircallError, type ErrorDetails, retryAfter } from "./base";
import { perhapsDone, type RequestOutcome } from "./outcome";

/**
 * A value handed over for one request cannot stand in it: an id that is none, a moment that is none. Such values come
 * from visitors (`calls.get(req.params.id)`), so `status` is 400. Nothing was sent.
 */
export class ArgumentError extends AircallError {
  protected static override readonly kind: string = "ArgumentError";
  override readonly name = "ArgumentError";
  readonly code = "bad_argument";
  readonly status = 400;
  declare readonly outcome: RequestOutcome;

  constructor(message: string) {
    super(message, { outcome: "not_sent" });
  }
}

/**
 * The company's request budget is used up, and it opens again only after this request's deadline. Nothing was done:
 * `outcome` is `not_sent` where the wait was seen beforehand, `refused` where Aircall said so (429). A recording link that
 * is opened more than thirty times a minute is refused with it too.
 */
export class RateLimitError extends AircallError {
  protected static override readonly kind: string = "RateLimitError";
  override readonly name = "RateLimitError";
  protected static override readonly facts = ["request", "retryAfterMs", "rate"];
  declare readonly outcome: RequestOutcome;
  readonly code = "rate_limited";
  readonly status = 429;

  constructor(
    /** Method and route template, e.g. `GET /v1/calls`. */
    readonly request: string,
    /** Milliseconds until the budget opens again. */
    readonly retryAfterMs: number,
    readonly rate: RateSnapshot,
    outcome: RequestOutcome = "not_sent",
    /** What was used up. */
    limit = "Aircall's request limit",
  ) {
    const wait = `${request}: ${limit} is reached; try again in ${Math.ceil(retryAfterMs / 1000)} s.`;
    super(wait + perhapsDone(request, outcome), { outcome });
  }

  override get headers() {
    return retryAfter(this.retryAfterMs);
  }
}

/**
 * Aircall did not finish answering within the request's deadline. `outcome` is `not_sent` where the time went by while
 * it waited for its permit or a connection, else `unknown`.
 */
export class TimeoutError extends AircallError {
  protected static override readonly kind: string = "TimeoutError";
  override readonly name = "TimeoutError";
  protected static override readonly facts = ["request", "timeoutMs"];
  declare readonly outcome: RequestOutcome;
  readonly code = "timeout";
  readonly status = 504;

  constructor(
    /** Method and route template, e.g. `GET /v1/calls`. */
    readonly request: string,
    readonly timeoutMs: number,
    { outcome = "unknown", ...options }: ErrorDetails = {},
  ) {
    super(describeTimeout(request, timeoutMs, outcome), { ...options, outcome });
  }
}

/**
 * Aircall could not be reached, or what came back was no answer. `outcome` is `not_sent` where no connection was made
 * (refused, DNS, TLS), else `unknown`: the connection broke, or a good answer could not be read.
 */
export class ConnectionError extends AircallError {
  protected static override readonly kind: string = "ConnectionError";
  override readonly name = "ConnectionError";
  protected static override readonly facts = ["request"];
  declare readonly outcome: RequestOutcome;
  readonly code = "connection_failed";
  readonly status = 502;

  constructor(
    /** Method and route template, e.g. `GET /v1/calls`. */
    readonly request: string,
    reason: string,
    { outcome = "unknown", ...options }: ErrorDetails = {},
  ) {
    super(describeFailure(request, reason, outcome), { ...options, outcome });
  }
}

/** The request came, or still waited for its permit, as its client was closed. Nothing of it was sent. */
export class ClosedError extends AircallError {
  protected static override readonly kind: string = "ClosedError";
  override readonly name = "ClosedError";
  protected static override readonly facts = ["request"];
  declare readonly outcome: RequestOutcome;
  readonly code = "closed";
  readonly status = 503;

  constructor(
    /** Method and route template, e.g. `GET /v1/calls`. */
    readonly request: string,
  ) {
    super(`${request} was not sent: its Aircall client was closed.`, { outcome: "not_sent" });
  }
}

function describeTimeout(request: string, timeoutMs: number, outcome: RequestOutcome): string {
  if (outcome === "not_sent") return `${request} was not sent within ${timeoutMs} ms.`;
  return `${request} did not finish within ${timeoutMs} ms.${perhapsDone(request, outcome)}`;
}

function describeFailure(request: string, reason: string, outcome: RequestOutcome): string {
  if (outcome === "not_sent") return `${request} was not sent: ${reason}`;
  return `${request}: ${reason}${perhapsDone(request, outcome)}`;
}
