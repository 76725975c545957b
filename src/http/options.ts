import { propertyOf } from "../errors/property";
import { refuseUnknown } from "../config/unknown-option";
import { ConfigError } from "../errors/errors";
import type { Lane } from "./limiter";

/** What one call may choose for itself. */
export interface CallOptions {
  signal?: AbortSignal | undefined;
  /** Milliseconds for this request in all: waiting, retries and reading the answer. Default: the `timeoutMs` setting. */
  timeoutMs?: number | undefined;
  /** How often a request that may be repeated is sent again after a passing failure. Default 2. */
  maxRetries?: number | undefined;
  /** Which requests go first when the budget is short. Default the client's, else `interactive`; of a walk `bulk`. */
  lane?: Lane | undefined;
  /** Milliseconds for which the answer of a GET may be reused by calls that ask the same for the same connection. Default 0. */
  cacheMs?: number | undefined;
}

const lanes: readonly Lane[] = ["interactive", "bulk"];

/** What every call may choose. */
export const callOptionNames = ["signal", "timeoutMs", "maxRetries", "lane", "cacheMs"] as const;

/**
 * A misspelt option would be silently without effect, and that of a safety switch goes unseen the longest.
 * @throws {ConfigError} an option is unknown, or its value impossible.
 */
export function checkCallOptions(options: CallOptions, known: readonly string[] = callOptionNames): void {
  if (typeof options !== "object" || options === null) throw new ConfigError(noOptions);
  refuseUnknown(options, known);
  const { cacheMs = 0, lane = "interactive", timeoutMs = 1, signal } = options;
  if (typeof timeoutMs !== "number") throw new ConfigError("timeoutMs must be a number of milliseconds.");
  if (signal !== undefined && !isSignal(signal)) throw new ConfigError("signal must be an AbortSignal.");
  if (!(cacheMs >= 0)) throw new ConfigError("cacheMs must be a number of milliseconds from 0.");
  if (!lanes.includes(lane)) throw new ConfigError(`lane must be one of ${lanes.join(", ")}.`);
}

const noOptions = "The options of a call must be an object such as { timeoutMs: 5000 }.";

/** An AbortSignal of whatever realm or polyfill. */
export function isSignal(value: unknown): boolean {
  return (
    typeof propertyOf(value, "aborted") === "boolean" && typeof propertyOf(value, "addEventListener") === "function"
  );
}
