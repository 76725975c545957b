import { ConnectionError } from "../../errors/errors";
import type { RequestOutcome } from "../../errors/outcome";
import { propertyOf } from "../../errors/property";
import { isProgrammingError } from "../../errors/programming-error";
import type { Transport } from "./transport";

/** Whom a connection is to, and through what. */
export interface Way {
  /** Its origin. */
  readonly server: string;
  /** Its origin too. */
  readonly proxy: string | null;
}

interface Facts extends Way {
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
  { outcome, connected = true, ...way }: Facts,
): ConnectionError {
  const cause = beneath(error);
  const to = wordsFor(way);
  const what = connected ? `the connection to ${to} broke` : `no connection to ${to} could be made`;
  return new ConnectionError(request, `${what}${detailOf(cause)}.`, { cause, ...(outcome && { outcome }) });
}

export function wordsFor({ server, proxy }: Way): string {
  return proxy === null ? server : `${server} through the proxy ${proxy}`;
}

/** The way of a request to that address. */
export function wayTo(url: string, transport: Transport): Way {
  const { origin } = new URL(url);
  return { server: origin, proxy: transport.proxyFor?.(origin) ?? null };
}

function detailOf(cause: unknown): string {
  const code = propertyOf(cause, "code");
  // The words of undici.
  const refused = /^Proxy response \((\d{3})\)/.exec(String(propertyOf(cause, "message")));
  if (refused) return ` (the proxy answered ${refused[1]})`;
  return typeof code === "string" && /^[A-Z_\d]+$/.test(code) ? ` (${code})` : "";
}

/** What happened: the global fetch hides it behind "fetch failed". */
export function beneath(error: unknown): unknown {
  return propertyOf(error, "cause") ?? error;
}
