import { AircallError, retryAfter } from "./base";
import type { ApiErrorCode } from "./codes";
import { perhapsDone, type RequestOutcome } from "./outcome";

/** Keeps phone numbers behind a function, which nothing prints. */
const concerned = Symbol("concerned");

/** What the `X-AircallApi-*` headers of an answer said. Each part is null when its header was absent. */
export interface RateSnapshot {
  /** Requests allowed per window. */
  readonly limit: number | null;
  readonly remaining: number | null;
  readonly resetAt: Date | null;
}

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
  protected static override readonly kind: string = "ApiError";
  override readonly name: string = "ApiError";
  protected static override readonly facts = ["request", "title", "troubleshoot", "rate", "retryAfterMs"];
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
}

/**
 * Aircall lets nobody page beyond 10,000 results of one query. `iterate` gets past that for calls and contacts, so from
 * there it means that more of them than that share one second.
 */
export class ResultCapError extends ApiError {
  protected static override readonly kind: string = "ResultCapError";
  override readonly name = "ResultCapError";

  constructor(refusal: ApiRefusal) {
    super(refusal, describeRefusal({ ...refusal, troubleshoot: beyondCap }));
  }
}

/** In place of Aircall's own words, which say a part of it. */
const beyondCap = "its results can be paged through no further. Narrow the query, for instance with from and to.";

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

function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
