import { strippedCause } from "./cause";
import { mayHaveActed, type RequestOutcome } from "./outcome";

const brand = Symbol.for("express-aircall.error");
/** Holds what nobody prints: a function shows nothing. */
const concerned = Symbol("concerned");
const storeRetryMs = 2_000;

/** Facts about an error that are safe to show: what `toJSON` answers beside name, code, status and message. */
type Facts = Readonly<Record<string, string | number | boolean | null | object>>;

interface ErrorDetails {
  cause?: unknown;
  outcome?: RequestOutcome;
}

/** Every `code` there is; `docs/errors.md` says what each of them is about. */
export type AircallErrorCode =
  | SignInErrorCode
  | ApiErrorCode
  | "config_invalid"
  | "bad_argument"
  | "not_connected"
  | "reconnect_required"
  | "renewal_failed"
  | "token_refused"
  | "store_failed"
  | "rate_limited"
  | "timeout"
  | "connection_failed"
  | "closed";

/**
 * Everything this library throws on purpose. `instanceof` also recognises an error made by a second installed copy.
 * Messages and fields never hold a token, a secret, a session id or a phone number.
 */
export abstract class AircallError extends Error {
  /** Never changes between versions: branch on this. */
  abstract readonly code: AircallErrorCode;
  /** The HTTP status that fits an answer to the visitor; Express's own error handler uses it. */
  abstract readonly status: number;
  /**
   * What became of the request that failed, over all its attempts: whether Aircall may have done what was asked. Null
   * where no request to the API failed: settings at start, sign-in, a guard, the session store.
   */
  readonly outcome: RequestOutcome | null;

  constructor(message: string, options?: ErrorDetails) {
    super(message, options?.cause === undefined ? undefined : { cause: causeOf(options.cause) });
    this.outcome = options?.outcome ?? null;
    Object.defineProperty(this, brand, { value: lineage(new.target) });
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    const names = typeof value === "object" && value !== null ? (value as { [brand]?: unknown })[brand] : undefined;
    return Array.isArray(names) && names.includes(this.name);
  }

  /** Sent along by Express's own error handler; empty but where waiting helps. */
  get headers(): Readonly<Record<string, string>> {
    return {};
  }

  /** The fields a program or a log may show. */
  toJSON(): Facts {
    const { name, code, status, message, outcome } = this;
    return { name, code, status, message, ...(outcome && { outcome }), ...this.facts() };
  }

  protected facts(): Facts {
    return {};
  }
}

/** A setting is missing, misspelled or impossible. The message names the property, what was wrong and the fix. */
export class ConfigError extends AircallError {
  override readonly name = "ConfigError";
  readonly code = "config_invalid";
  readonly status = 500;
}

/**
 * A value handed over for one request cannot stand in it: an id that is none, a moment that is none. Such values come
 * from visitors (`calls.get(req.params.id)`), so `status` is 400. Nothing was sent.
 */
export class ArgumentError extends AircallError {
  override readonly name = "ArgumentError";
  readonly code = "bad_argument";
  readonly status = 400;
  declare readonly outcome: RequestOutcome;

  constructor(message: string) {
    super(message, { outcome: "not_sent" });
  }
}

export type SignInErrorCode =
  | "sign_in_denied"
  | "sign_in_failed"
  | "sign_in_refused"
  | "sign_in_state"
  | "sign_in_callback"
  | "sign_in_exchange"
  | "sign_in_profile";

const signInStatus: Record<SignInErrorCode, number> = {
  sign_in_denied: 403,
  sign_in_failed: 502,
  sign_in_refused: 403,
  sign_in_state: 400,
  sign_in_callback: 400,
  sign_in_exchange: 502,
  sign_in_profile: 502,
};

/** Signing in at Aircall did not succeed; `code` says at which step. Nothing was kept. */
export class SignInError extends AircallError {
  override readonly name = "SignInError";
  readonly status: number;

  constructor(
    /**
     * `sign_in_denied` the person said no at Aircall; `sign_in_failed` Aircall reported another error;
     * `sign_in_refused` this app said no (`verify`, `companies`); `sign_in_state` the attempt is unknown, expired or another browser's; `sign_in_callback` the callback address
     * made no sense; `sign_in_exchange` the token endpoint refused; `sign_in_profile` the company could not be read.
     */
    readonly code: SignInErrorCode,
    message: string,
    /** The OAuth error code Aircall named, when it is one that RFC 6749 defines. */
    readonly oauthError: string | null = null,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.status = signInStatus[code];
  }

  protected override facts(): Facts {
    return { oauthError: this.oauthError };
  }
}

/** For who reads the log of an app that leaves these errors to Express; `aircallErrors()` does not repeat it. */
export const mountLast = " With aircallErrors() mounted after the routes, page visits are sent to sign in.";

/** Nobody has connected an Aircall account to this session, or not the one that `as(companyId)` asks for. */
export class NotConnectedError extends AircallError {
  override readonly name = "NotConnectedError";
  readonly code = "not_connected";
  readonly status = 401;

  constructor(
    /** Where on this app signing in begins, when the library knows it and no other company would be replaced. */
    readonly signInPath: string | null = null,
    message = signInPath
      ? `No Aircall account is connected. Sign in at ${signInPath}.${mountLast}`
      : `No Aircall account is connected. Send the visitor to your Aircall sign-in route first.${mountLast}`,
  ) {
    super(message);
  }

  protected override facts(): Facts {
    return { signInPath: this.signInPath };
  }
}

/**
 * Aircall has refused the connected grant for a minute or more, or refuses to renew it: signing in again helps. In the
 * first case it also works again as soon as Aircall accepts it, which the library goes on asking.
 */
export class ReconnectRequiredError extends AircallError {
  override readonly name = "ReconnectRequiredError";
  readonly code = "reconnect_required";
  readonly status = 401;

  constructor(
    /** The path on this app where signing in begins, when the library knows it. */
    readonly signInPath: string | null = null,
    options?: { cause?: unknown },
  ) {
    super(
      "Aircall no longer accepts this connection; the account must be connected again" +
        (signInPath ? ` at ${signInPath}.${mountLast}` : "."),
      options,
    );
  }

  protected override facts(): Facts {
    return { signInPath: this.signInPath };
  }
}

/** The access token could not be renewed for a passing reason. The grant is kept; try again later. */
export class RenewalFailedError extends AircallError {
  override readonly name = "RenewalFailedError";
  readonly code = "renewal_failed";
  readonly status = 503;

  constructor(
    reason: string,
    /** Milliseconds before another attempt makes sense. */
    readonly retryAfterMs: number,
    options?: { cause?: unknown },
  ) {
    super(`The Aircall access token could not be renewed: ${reason}`, options);
  }

  override get headers() {
    return retryAfter(this.retryAfterMs);
  }

  protected override facts(): Facts {
    return { retryAfterMs: this.retryAfterMs };
  }
}

/**
 * Aircall refuses this connection's token, and for less than a minute or so: nobody knows yet whether that passes. The
 * grant is kept, and Aircall is asked again in a minute; only then may signing in again help.
 */
export class TokenRefusedError extends AircallError {
  override readonly name = "TokenRefusedError";
  readonly code = "token_refused";
  readonly status = 503;
  /** Milliseconds before another attempt makes sense. */
  readonly retryAfterMs = 60_000;

  constructor(options?: { cause?: unknown }) {
    super(
      "Aircall refuses this connection at the moment; it is asked again in a minute. Nobody need sign in yet.",
      options,
    );
  }

  override get headers() {
    return retryAfter(this.retryAfterMs);
  }

  protected override facts(): Facts {
    return { retryAfterMs: this.retryAfterMs };
  }
}

/** The session or grant store failed or did not answer in time. Nothing is reported as stored that is not. */
export class StoreError extends AircallError {
  override readonly name = "StoreError";
  readonly code = "store_failed";
  readonly status = 503;

  constructor(
    /** What was tried, e.g. `save the session`. */
    readonly operation: string,
    reason: string,
    options?: { cause?: unknown },
  ) {
    super(`Could not ${operation}: ${reason}`, options);
  }

  override get headers() {
    return retryAfter(storeRetryMs);
  }

  protected override facts(): Facts {
    return { operation: this.operation };
  }
}

/** What the `X-AircallApi-*` headers of an answer said. Each part is null when its header was absent. */
export interface RateSnapshot {
  /** Requests allowed per window. */
  readonly limit: number | null;
  readonly remaining: number | null;
  readonly resetAt: Date | null;
}

export type ApiErrorCode =
  | "bad_request"
  | "unauthorized"
  | "credentials_refused"
  | "not_entitled"
  | "wrong_number_mode"
  | "not_found"
  | "not_allowed"
  | "agent_unavailable"
  | "conflict"
  | "unprocessable"
  | "result_cap"
  | "server_error"
  | "api_error";

/** What Aircall answered, in named fields; see {@link ApiError}. */
export interface ApiRefusal {
  readonly status: number;
  readonly code: ApiErrorCode;
  /** Method and route template, e.g. `GET /v1/calls/:id`. */
  readonly request: string;
  /** Aircall's `error` text, e.g. `Bad Request`. */
  readonly title: string;
  /** Aircall's `troubleshoot` text or what stands in for it; null when there was none. Phone numbers are masked. */
  readonly troubleshoot: string | null;
  readonly rate: RateSnapshot;
  /** Milliseconds after which Aircall asks to be tried again (`Retry-After`); null where it did not say. Default null. */
  readonly retryAfterMs?: number | null;
  /** The phone numbers it was about. Default: none. */
  readonly phoneNumbers?: readonly string[];
  /** Default: `refused` below 500, `unknown` from there. */
  readonly outcome?: RequestOutcome;
}

/**
 * Aircall answered, and the answer was no, or that something broke. `outcome` is `refused` below 500; `unknown` from
 * there, and where an earlier attempt of a write may have been carried out before this answer.
 */
export class ApiError extends AircallError {
  override readonly name: string = "ApiError";
  declare readonly outcome: RequestOutcome;
  readonly code: ApiErrorCode;
  /** The HTTP status Aircall answered with. */
  readonly status: number;
  readonly request: string;
  readonly title: string;
  readonly troubleshoot: string | null;
  readonly rate: RateSnapshot;
  /** Milliseconds after which Aircall asks to be tried again; null where it did not say. */
  readonly retryAfterMs: number | null;

  constructor(refusal: ApiRefusal, message = describeRefusal(refusal)) {
    super(message, { outcome: outcomeOf(refusal) });
    this.code = refusal.code;
    this.status = refusal.status;
    this.request = refusal.request;
    this.title = refusal.title;
    this.troubleshoot = refusal.troubleshoot;
    this.rate = refusal.rate;
    this.retryAfterMs = refusal.retryAfterMs ?? null;
    const { phoneNumbers = [] } = refusal;
    Object.defineProperty(this, concerned, { value: () => [...phoneNumbers] });
  }

  /**
   * The phone numbers that a 422 names in its `errors`, as Aircall wrote them: those a dialer campaign did not take. A
   * method, because numbers are people's: no message, log or JSON shows them.
   */
  phoneNumbers(): string[] {
    return (this as { [concerned]?: () => string[] })[concerned]?.() ?? [];
  }

  override get headers() {
    return this.retryAfterMs === null ? {} : retryAfter(this.retryAfterMs);
  }

  protected override facts(): Facts {
    const { request, title, troubleshoot, rate, retryAfterMs } = this;
    return { request, title, troubleshoot, rate, retryAfterMs };
  }
}

/**
 * Aircall lets nobody page beyond 10,000 results of one query. `iterate` gets past that for calls and contacts, so from
 * there it means that more of them than that share one second.
 */
export class ResultCapError extends ApiError {
  override readonly name = "ResultCapError";

  constructor(refusal: ApiRefusal) {
    super(refusal, describeRefusal({ ...refusal, troubleshoot: beyondCap }));
  }
}

/** In place of Aircall's own words, which say a part of it. */
const beyondCap = "its results can be paged through no further. Narrow the query, for instance with from and to.";

/**
 * The company's request budget is used up, and it opens again only after this request's deadline. Nothing was done:
 * `outcome` is `not_sent` where the wait was seen beforehand, `refused` where Aircall said so (429).
 */
export class RateLimitError extends AircallError {
  override readonly name = "RateLimitError";
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
  ) {
    const wait = `${request}: Aircall's request limit is reached; try again in ${Math.ceil(retryAfterMs / 1000)} s.`;
    super(wait + perhapsDone(request, outcome), { outcome });
  }

  override get headers() {
    return retryAfter(this.retryAfterMs);
  }

  protected override facts(): Facts {
    const { request, retryAfterMs, rate } = this;
    return { request, retryAfterMs, rate };
  }
}

/**
 * Aircall did not finish answering within the request's deadline. `outcome` is `not_sent` where the time went by while
 * it waited for its turn or a connection, else `unknown`.
 */
export class TimeoutError extends AircallError {
  override readonly name = "TimeoutError";
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

  protected override facts(): Facts {
    return { request: this.request, timeoutMs: this.timeoutMs };
  }
}

/**
 * Aircall could not be reached, or what came back was no answer. `outcome` is `not_sent` where no connection was made
 * (refused, DNS, TLS), else `unknown`: the connection broke, or a good answer could not be read.
 */
export class ConnectionError extends AircallError {
  override readonly name = "ConnectionError";
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

  protected override facts(): Facts {
    return { request: this.request };
  }
}

/** The request came, or still waited for its turn, as its client was closed. Nothing of it was sent. */
export class ClosedError extends AircallError {
  override readonly name = "ClosedError";
  declare readonly outcome: RequestOutcome;
  readonly code = "closed";
  readonly status = 503;

  constructor(
    /** Method and route template, e.g. `GET /v1/calls`. */
    readonly request: string,
  ) {
    super(`${request} was not sent: its Aircall client was closed.`, { outcome: "not_sent" });
  }

  protected override facts(): Facts {
    return { request: this.request };
  }
}

function retryAfter(waitMs: number): Record<string, string> {
  return { "Retry-After": String(Math.max(1, Math.ceil(waitMs / 1000))) };
}

function outcomeOf({ status, outcome }: ApiRefusal): RequestOutcome {
  return outcome ?? (status < 500 ? "refused" : "unknown");
}

function describeRefusal(refusal: ApiRefusal): string {
  const { request, status, title, troubleshoot } = refusal;
  const outcome = outcomeOf(refusal);
  if (outcome === "refused")
    return `${request} was refused by Aircall (${status} ${title})${troubleshoot ? `: ${troubleshoot}` : "."}`;
  const answer = `${request}: Aircall answered ${status} ${title}${troubleshoot ? `: ${troubleshoot}` : ""}`;
  return asSentence(answer) + perhapsDone(request, outcome);
}

function describeTimeout(request: string, timeoutMs: number, outcome: RequestOutcome): string {
  if (outcome === "not_sent") return `${request} was not sent within ${timeoutMs} ms.`;
  return `${request} did not finish within ${timeoutMs} ms.${perhapsDone(request, outcome)}`;
}

function describeFailure(request: string, reason: string, outcome: RequestOutcome): string {
  if (outcome === "not_sent") return `${request} was not sent: ${reason}`;
  return `${request}: ${reason}${perhapsDone(request, outcome)}`;
}

function perhapsDone(request: string, outcome: RequestOutcome): string {
  return mayHaveActed(request, outcome) ? " It may have been carried out." : "";
}

function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** The names of a class and its ancestors, down to AircallError. */
function lineage(start: unknown): string[] {
  const names: string[] = [];
  for (let type = start; typeof type === "function" && type !== Error; type = Object.getPrototypeOf(type)) {
    names.push(type.name);
  }
  return names;
}

function causeOf(error: unknown): Error {
  return error instanceof AircallError ? error : strippedCause(error);
}
