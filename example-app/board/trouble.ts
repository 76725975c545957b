import type { MirrorProgress } from "../mirror/progress";
import type { ZoneClock } from "./clock";

const words: Readonly<Record<string, string>> = {
  timeout: "Aircall is slow",
  rate_limited: "Aircall asks for a break",
  connection_failed: "Aircall cannot be reached",
  server_error: "Aircall cannot be reached",
  token_refused: "Aircall does not let the board in",
  reconnect_required: "Aircall has ended the connection",
};

/** What stands in the way of the board, and since when; null where nothing does. */
export function troubleWords(trouble: MirrorProgress["trouble"], clock: ZoneClock): string | null {
  if (!trouble) return null;
  const what = words[trouble.code] ?? "Aircall does not answer as it should";
  return `${what} since ${clock.time(trouble.since)}. This is the last that is known; it goes on by itself.`;
}
