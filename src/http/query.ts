import { ConfigError } from "../errors";

const maxPerPage = 50;
/** The year 5138 in seconds, March 1973 in milliseconds: nobody asks for calls of either. */
const millisecondsFrom = 1e11;

/** The query as Aircall reads it: lists as repeated `name[]`, moments as UNIX seconds; undefined and null are left out. */
export function encodeQuery(query: object): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query) as [string, unknown][]) {
    if (Array.isArray(value)) value.forEach((item) => params.append(`${name}[]`, encodeValue(name, item)));
    else if (value !== undefined && value !== null) params.append(name, encodeValue(name, value));
  }
  return params.toString();
}

function encodeValue(name: string, value: unknown): string {
  if (value instanceof Date) return String(readSeconds(name, value));
  if (name === "from" || name === "to") return String(readSeconds(name, value));
  if (name === "per_page" && Number(value) > maxPerPage) return String(maxPerPage);
  if (typeof value === "string" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  throw new ConfigError(`${name} must be a text, a finite number, a boolean, a Date or a list of these.`);
}

/**
 * A moment as Aircall counts it: whole UNIX seconds. Takes a Date, a number of seconds or its digits.
 * @throws {ConfigError} for anything else, milliseconds among it.
 */
export function readSeconds(name: string, value: unknown): number {
  const moment =
    value instanceof Date ? value.getTime() / 1000 : typeof value === "string" && value ? Number(value) : value;
  if (typeof moment !== "number" || !Number.isFinite(moment))
    throw new ConfigError(`${name} must be a valid Date or a number of UNIX seconds.`);
  if (moment >= millisecondsFrom) {
    throw new ConfigError(`${name} is in milliseconds; Aircall counts in seconds. Pass a Date, or divide by 1000.`);
  }
  return Math.floor(moment);
}
