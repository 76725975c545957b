import { type AircallError, ApiError, ConfigError, RateLimitError } from "../errors/errors";
import type { Deadline } from "../time/deadline";

/** How much care one request needs: whether it acts, and whether doing it twice comes to the same as doing it once. */
export type Care = "reads" | "idempotent" | "acts";

/** Why an attempt brought nothing, as far as sending again is concerned. */
export interface Failure<Kind = "unsent" | "limited" | "passing" | "unreadable" | "final"> {
  /**
   * `unsent` nothing left this machine; `limited` not even looked at (429); `passing` a server or network trouble that may have come before or after the
   * work was done; `unreadable` done, but the answer was broken; `final` the same would happen again.
   */
  readonly kind: Kind;
  readonly error: AircallError;
}

const maxLimitedRetries = 5;
const backoffMs = 250;
const longestBackoffMs = 5_000;

/** What may be sent again without acting twice. */
const sentAgain: Readonly<Record<Failure["kind"], readonly Care[]>> = {
  unsent: ["reads", "idempotent", "acts"],
  limited: ["reads", "idempotent", "acts"],
  passing: ["reads", "idempotent"],
  unreadable: ["reads"],
  final: [],
};

/**
 * Follows one request. For each failure it answers the milliseconds to wait before the next attempt, or null when
 * there must be none or it could only begin after the deadline.
 */
export function createRetries(care: Care, maxRetries: number, random: () => number) {
  if (!(Number.isInteger(maxRetries) && maxRetries >= 0)) {
    throw new ConfigError("maxRetries must be a whole number from 0.");
  }
  let limited = 0;
  let passing = 0;

  function chooseWaitMs(error: AircallError): number | null {
    if (error instanceof RateLimitError) return limited++ < maxLimitedRetries ? error.retryAfterMs : null;
    if (passing === maxRetries) return null;
    const backoff = random() * Math.min(longestBackoffMs, backoffMs * 2 ** passing++);
    return error instanceof ApiError ? Math.max(backoff, error.retryAfterMs ?? 0) : backoff;
  }

  return function waitBeforeRetry({ kind, error }: Failure, deadline: Deadline): number | null {
    if (deadline.signal.aborted || !sentAgain[kind].includes(care)) return null;
    const waitMs = chooseWaitMs(error);
    return waitMs !== null && waitMs < deadline.remainingMs() ? waitMs : null;
  };
}
