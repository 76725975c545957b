import { AircallError, ApiError, TimeoutError } from "../errors";
import { listening, tell } from "../events";
import type { Outcome } from "./attempt";
import type { CallOptions, Deadline } from "./http";

/** Where an answer came from: Aircall, a request of somebody else's that was under way, or what was kept. */
export type Source = "aircall" | "shared" | "kept";

/** Tells what one call does, to those who watch. */
export interface Report {
  /** An attempt leaves. */
  sent(): void;
  /** What came of it, and when the next one follows. */
  attempted(outcome: Outcome, retryInMs: number | null, deadline: Deadline): void;
  settled(source: Source, status: number | null, error?: unknown): void;
}

const nothing = () => undefined;
const silent: Report = { sent: nothing, attempted: nothing, settled: nothing };
const monotonicMs = () => performance.now();
/** No company has so many requests: such a header holds something else, perhaps a number of somebody's. */
const implausibleCount = 1_000_000;

export function createReport(request: string, options: CallOptions, now: () => number = monotonicMs): Report {
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
    attempted(outcome, retryInMs, { signal }) {
      const endedAt = now();
      const begunAt = sentAt ?? endedAt;
      const { status } = outcome;
      const code = outcome.kind === "answered" ? null : signal.aborted ? stopCode(signal) : outcome.error.code;
      const waitedMs = begunAt - restingSince;
      const durationMs = endedAt - begunAt;
      const remaining = plausible(outcome.rate?.remaining);
      const told = { request, lane, attempt: attempts, status, code, remaining, waitedMs, durationMs, retryInMs };
      lastStatus = status;
      restingSince = endedAt;
      sentAt = null;
      tell("express-aircall:attempt", told);
    },
    settled(source, answeredWith, error) {
      const endedAt = now();
      const status = answeredWith ?? (error instanceof ApiError ? error.status : lastStatus);
      const code = error === undefined ? null : codeOf(error, options.signal);
      const waitedMs = restedMs + (sentAt === null ? endedAt - restingSince : 0);
      const durationMs = endedAt - startedAt;
      tell("express-aircall:request", { request, lane, source, status, code, attempts, waitedMs, durationMs });
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
