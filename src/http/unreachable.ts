import { ConnectionError } from "../errors";
import type { RequestOutcome } from "../errors/outcome";
import { isProgrammingError } from "../errors/programming-error";

interface Facts {
  /** Whom the connection was to. */
  readonly server: string;
  readonly outcome?: RequestOutcome;
  /** False where it is known that there was no connection. */
  readonly connected?: boolean;
}

/** Nothing, or nothing whole, came from a server: what was thrown as it is where that is a bug, else a ConnectionError. */
export function failureOf(request: string, error: unknown, facts: Facts): Error {
  return isProgrammingError(error) ? error : unreachable(request, error, facts);
}

/** For an error that is none of a bug's. */
export function unreachable(
  request: string,
  error: unknown,
  { server, outcome, connected = true }: Facts,
): ConnectionError {
  const cause = beneath(error);
  const { code } = Object(cause) as { code?: unknown };
  const detail = typeof code === "string" && /^[A-Z_\d]+$/.test(code) ? ` (${code})` : "";
  const what = connected ? `the connection to ${server} broke` : `no connection to ${server} could be made`;
  return new ConnectionError(request, `${what}${detail}.`, { cause, ...(outcome && { outcome }) });
}

/** What happened: the global fetch hides it behind "fetch failed". */
export function beneath(error: unknown): unknown {
  return (Object(error) as { cause?: unknown }).cause ?? error;
}
