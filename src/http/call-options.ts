import { refuseUnknown } from "../config/unknown-option";
import { ConfigError } from "../errors";
import type { CallOptions } from "./http";
import type { Lane } from "./turns";

const lanes: readonly Lane[] = ["interactive", "bulk"];

/** What every call may choose. */
export const callOptionNames = ["signal", "timeoutMs", "maxRetries", "lane", "cacheMs"] as const;

/**
 * A misspelt option would be silently without effect, and that of a safety switch goes unseen the longest.
 * @throws {ConfigError} an option is unknown, or its value impossible.
 */
export function checkCallOptions(options: CallOptions, known: readonly string[] = callOptionNames): void {
  refuseUnknown(options, known);
  const { cacheMs = 0, lane = "interactive" } = options;
  if (!(cacheMs >= 0)) throw new ConfigError("cacheMs must be a number of milliseconds from 0.");
  if (!lanes.includes(lane)) throw new ConfigError(`lane must be one of ${lanes.join(", ")}.`);
}
