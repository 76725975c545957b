import type { RateSnapshot } from "../errors";
import type { TransportAnswer } from "./transport";

type Headers = Pick<TransportAnswer, "header">;

const fallbackWaitMs = 60_000;
/** A clock ahead of Aircall's must not turn the wait for a reset into none at all. */
const shortestWaitMs = 1_000;
/** UNIX milliseconds begin here, UNIX seconds end: September 2001 and the year 33658. */
const millisecondsFrom = 1e12;

/** What the rate headers of an answer say; null for each that is absent or no number. */
export function readRate(answer: Headers): RateSnapshot {
  return {
    limit: readCount(answer.header("X-AircallApi-Limit")),
    remaining: readCount(answer.header("X-AircallApi-Remaining")),
    resetAt: readInstant(answer.header("X-AircallApi-Reset")),
  };
}

/** How long a 429 asks us to wait: until the reset or as `Retry-After` says, whichever is later. */
export function readWaitMs(answer: Headers, rate: RateSnapshot, now: number): number {
  const waits = [
    rate.resetAt && rate.resetAt.getTime() - now,
    readRetryAfterMs(answer.header("Retry-After"), now),
  ].filter((wait) => wait !== null);
  return waits.length > 0 ? Math.max(shortestWaitMs, ...waits) : fallbackWaitMs;
}

function readCount(text: string | null): number | null {
  return text !== null && /^\s*\d{1,15}\s*$/.test(text) ? Number(text) : null;
}

function readInstant(text: string | null): Date | null {
  const value = readCount(text);
  if (value === null || value === 0) return null;
  return new Date(value < millisecondsFrom ? value * 1000 : value);
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3). */
function readRetryAfterMs(text: string | null, now: number): number | null {
  const waitSeconds = readCount(text);
  if (waitSeconds !== null) return waitSeconds * 1000;
  const instant = text === null ? NaN : Date.parse(text);
  return Number.isNaN(instant) ? null : instant - now;
}
