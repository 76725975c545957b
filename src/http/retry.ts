import { type AircallError, ConfigError, RateLimitError } from "../errors";
import type { Deadline } from "./http";
import type { Method } from "./route";

/** Why an attempt brought nothing, as far as sending again is concerned. */
export interface Failure<Kind = "limited" | "passing" | "unreadable" | "final"> {
  /**
   * `limited` not even looked at (429); `passing` a server or network trouble that may have come before or after the
   * work was done; `unreadable` done, but the answer was broken; `final` the same would happen again.
   */
  readonly kind: Kind;
  readonly error: AircallError;
}

const maxLimitedRetries = 5;
const backoffMs = 250;
const longestBackoffMs = 5_000;

/** What may be repeated without acting twice. */
const repeatable: Readonly<Record<Failure["kind"], readonly Method[]>> = {
  limited: ["GET", "POST", "PUT", "DELETE"],
  passing: ["GET", "PUT", "DELETE"],
  unreadable: ["GET"],
  final: [],
};

/**
 * Follows one request. For each failure it answers the milliseconds to wait before the next attempt, or null when
 * there must be none or it could only begin after the deadline.
 */
export function createRetries(method: Method, maxRetries: number, random: () => number) {
  if (!(Number.isInteger(maxRetries) && maxRetries >= 0)) {
    throw new ConfigError("maxRetries must be a whole number from 0.");
  }
  let limited = 0;
  let passing = 0;

  function chooseWaitMs(error: AircallError): number | null {
    if (error instanceof RateLimitError) return limited++ < maxLimitedRetries ? error.retryAfterMs : null;
    if (passing === maxRetries) return null;
    return random() * Math.min(longestBackoffMs, backoffMs * 2 ** passing++);
  }

  return function waitBeforeRetry({ kind, error }: Failure, deadline: Deadline): number | null {
    if (deadline.signal.aborted || !repeatable[kind].includes(method)) return null;
    const waitMs = chooseWaitMs(error);
    return waitMs !== null && waitMs < deadline.remainingMs() ? waitMs : null;
  };
}
