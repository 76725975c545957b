import type { RateSnapshot } from "../errors/errors";
import { readHttpDate } from "./http-date";
import type { TransportAnswer } from "./transport/transport";

type Headers = Pick<TransportAnswer, "header">;

const windowMs = 60_000;
/** A clock ahead of Aircall's must not turn the wait for a reset into none at all. */
const shortestWaitMs = 1_000;
/** The `Date` of an answer has whole seconds, and the answer was some time on its way: less than this is no skew. */
const leastSkewMs = 2_000;
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

/** The same with the reset by the clock here, whichever of the two is wrong; null where it names no window of ours. */
export function rateHere(rate: RateSnapshot, answer: Headers, now: number): RateSnapshot {
  const leftMs = rate.resetAt && readLeftMs(rate.resetAt.getTime(), answer, now);
  return { ...rate, resetAt: leftMs === null ? null : new Date(now + leftMs) };
}

/** How long a 429 asks us to wait: until the reset, here, or as `Retry-After` says, whichever is later. */
export function readWaitMs(answer: Headers, { resetAt }: RateSnapshot, now: number): number {
  const waits = [resetAt && resetAt.getTime() - now, readRetryAfterMs(answer, now)].filter((wait) => wait !== null);
  return waits.length > 0 ? Math.max(shortestWaitMs, ...waits) : windowMs;
}

/** By Aircall's clock, else by ours; nothing ends later than a window from now, and what is long past ends nothing. */
function readLeftMs(resetAt: number, answer: Headers, now: number): number | null {
  const lefts = [resetAt - aircallsTime(answer, now), resetAt - now];
  const leftMs = lefts.find((left) => Math.abs(left) <= windowMs) ?? lefts[0]!;
  return leftMs < -windowMs ? null : Math.min(leftMs, windowMs);
}

function aircallsTime(answer: Headers, now: number): number {
  const date = readHttpDate(answer.header("Date") ?? "");
  return Math.abs(date - now) > leastSkewMs ? date : now;
}

function readCount(text: string | null): number | null {
  return text !== null && /^\s*\d{1,15}\s*$/.test(text) ? Number(text) : null;
}

function readInstant(text: string | null): Date | null {
  const value = readCount(text);
  if (value === null || value === 0) return null;
  return new Date(value < millisecondsFrom ? value * 1000 : value);
}

/**
 * How long `Retry-After` asks to wait, in seconds or until an HTTP date (RFC 9110, 10.2.3), which may be over; null
 * without one. `Date.parse` alone would take "1.5" and "-5" for days of 2001.
 */
export function readRetryAfterMs(answer: Headers, now: number): number | null {
  const text = answer.header("Retry-After") ?? "";
  const waitSeconds = readCount(text);
  if (waitSeconds !== null) return waitSeconds * 1000;
  const instant = /[a-z]{3}.*\d:\d/i.test(text) ? readHttpDate(text) : NaN;
  return Number.isNaN(instant) ? null : Math.max(0, instant - aircallsTime(answer, now));
}
