import { ArgumentError, ConfigError } from "../errors/errors";
import { tellsAll } from "./plain";

/** What most lists give at a time. */
export const usualPageSize = 50;
/** The year 5138 in seconds, March 1973 in milliseconds: nobody asks for calls of either. */
const millisecondsFrom = 1e11;

/**
 * The query as Aircall reads it: lists as repeated `name[]`, moments as UNIX seconds; undefined and null are left out. A
 * URLSearchParams stays in its own order and with its own names.
 * `maxPerPage` is what `per_page` counts as where it is more.
 * @throws {ArgumentError} {ConfigError} something in it cannot be sent.
 */
export function encodeQuery(query: object, { maxPerPage = usualPageSize } = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of entriesOf(query)) {
    if (Array.isArray(value)) value.forEach((item) => params.append(`${name}[]`, encodeValue(name, item)));
    else if (name === "per_page" && Number(value) > maxPerPage) params.append(name, String(maxPerPage));
    else if (value !== undefined && value !== null) params.append(name, encodeValue(name, value));
  }
  return params.toString();
}

function entriesOf(query: object): Iterable<readonly [string, unknown]> {
  if (query instanceof URLSearchParams) return query;
  if (typeof query === "object" && query !== null && !Array.isArray(query) && tellsAll(query)) {
    return Object.entries(query);
  }
  throw new ConfigError("The query must be a plain object such as { page: 2 }, or a URLSearchParams.");
}

function encodeValue(name: string, value: unknown): string {
  if (value instanceof Date) return String(readSeconds(name, value));
  if (name === "from" || name === "to") return String(readSeconds(name, value));
  if (typeof value === "string" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  throw refused(name, value, "a text, a finite number, a boolean, a Date or a list of these");
}

/**
 * A moment as Aircall counts it: whole UNIX seconds. Takes a Date, a number of seconds or its digits.
 * @throws {ArgumentError} a text or number that is no moment, an invalid Date: a visitor may have sent it.
 * @throws {ConfigError} for anything else, milliseconds among it.
 */
export function readSeconds(name: string, value: unknown): number {
  const moment =
    value instanceof Date ? value.getTime() / 1000 : typeof value === "string" && value ? Number(value) : value;
  if (typeof moment !== "number" || !Number.isFinite(moment)) {
    throw refused(name, value, "a valid Date or a number of UNIX seconds");
  }
  if (moment >= millisecondsFrom) {
    const reason = `${name} is in milliseconds; Aircall counts in seconds. Pass a Date, or divide by 1000.`;
    throw typeof value === "string" ? new ArgumentError(reason) : new ConfigError(reason);
  }
  return Math.floor(moment);
}

/** Numbers, dates and what a query parser makes of `?page[a]=1` come from visitors; anything else from the code. */
function refused(name: string, value: unknown, wanted: string): ArgumentError | ConfigError {
  const visitors = ["string", "number", "object"].includes(typeof value) && value !== null;
  const reason = `${name} must be ${wanted}.`;
  return visitors ? new ArgumentError(reason) : new ConfigError(reason);
}
