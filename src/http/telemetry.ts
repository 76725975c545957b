import { AircallError, ApiError, TimeoutError } from "../errors/errors";
import { listening, tell } from "../diagnostics";
import type { RequestOutcome } from "../errors/outcome";
import type { Attempted } from "./send";
import type { CallOptions } from "./options";
import type { OutgoingRequest } from "./request";
import type { Deadline } from "../time/deadline";

/** Where an answer came from: Aircall, a request of somebody else's that was under way, or what was kept. */
export type ServedFrom = "aircall" | "shared" | "kept";

/** Tells what one call does, to those who watch. */
export interface Report {
  /** An attempt leaves. */
  sent(): void;
  /** What came of it, and when the next one follows. */
  attempted(attempted: Attempted, retryInMs: number | null, deadline: Deadline): void;
  settled(source: ServedFrom, status: number | null, failure?: Ended): void;
}

/** How a call ended that has no answer. */
interface Ended {
  readonly error: unknown;
  readonly outcome: RequestOutcome;
}

const nothing = () => undefined;
const silent: Report = { sent: nothing, attempted: nothing, settled: nothing };
const monotonicMs = () => performance.now();
/** No company has so many requests: such a header holds something else, perhaps a number of somebody's. */
const implausibleCount = 1_000_000;

export function createReport(
  { request, url }: Pick<OutgoingRequest, "request" | "url">,
  options: CallOptions,
  now: () => number = monotonicMs,
): Report {
  if (!listening("express-aircall:request") && !listening("express-aircall:attempt")) return silent;
  const { lane = "interactive" } = options;
  const startedAt = now();
  let attempts = 0;
  let lastStatus: number | null = null;
  let sentAt: number | null = null;
  let restingSince = startedAt;
  let restedMs = 0;

  return {
    sent() {
      sentAt = now();
      restedMs += sentAt - restingSince;
      attempts += 1;
      lastStatus = null;
    },
    attempted(attempted, retryInMs, { signal }) {
      const endedAt = now();
      const begunAt = sentAt ?? endedAt;
      const { status } = attempted;
      const code = attempted.kind === "answered" ? null : signal.aborted ? stopCode(signal) : attempted.error.code;
      const outcome = attempted.kind === "answered" ? null : attempted.error.outcome;
      const waitedMs = begunAt - restingSince;
      const durationMs = endedAt - begunAt;
      const remaining = plausible(attempted.rate?.remaining);
      const origin = url.slice(0, url.indexOf("/", "https://".length));
      const known = { request, origin, lane, attempt: attempts, status, code, outcome, remaining };
      const told = { ...known, waitedMs, durationMs, retryInMs };
      lastStatus = status;
      restingSince = endedAt;
      sentAt = null;
      tell("express-aircall:attempt", told);
    },
    settled(source, answeredWith, failure) {
      const endedAt = now();
      const { error, outcome = null } = failure ?? {};
      const status = answeredWith ?? (error instanceof ApiError ? error.status : lastStatus);
      const code = failure ? codeOf(error, options.signal) : null;
      const waitedMs = restedMs + (sentAt === null ? endedAt - restingSince : 0);
      const durationMs = endedAt - startedAt;
      tell("express-aircall:request", { request, lane, source, status, code, outcome, attempts, waitedMs, durationMs });
    },
  };
}

function stopCode({ reason }: AbortSignal): string {
  return reason instanceof TimeoutError ? reason.code : "aborted";
}

function codeOf(error: unknown, signal: AbortSignal | undefined): string {
  if (signal?.aborted && error === signal.reason) return "aborted";
  if (error instanceof DOMException && error.name === "AbortError") return "aborted";
  return error instanceof AircallError ? error.code : "failed";
}

function plausible(count: number | null | undefined): number | null {
  return count !== null && count !== undefined && count < implausibleCount ? count : null;
}
