import { ArgumentError } from "../errors/errors";

/**
 * One segment of a path. `what` begins the sentence in which it is refused.
 * @throws {ArgumentError} no id looks like that. A visitor may have sent it, or left it out.
 */
export function encodeSegment(value: unknown, what: string): string {
  if (typeof value === "bigint" || typeof value === "number") return encodeNumber(value, what);
  if (typeof value !== "string") {
    throw new ArgumentError(`${what} is ${nameOf(value)}; it must be a number or a text. Nothing was sent.`);
  }
  if (/^\.{0,2}$|[\p{Control}\p{Surrogate}]/u.test(value)) {
    throw new ArgumentError(
      `${what} must not be empty, "." or "..", and have no control characters or broken Unicode; nothing was sent.`,
    );
  }
  // Aircall finds a user by e-mail only while the @ stands as it is.
  return encodeURIComponent(value).replaceAll("%40", "@");
}

function encodeNumber(value: number | bigint, what: string): string {
  if (value >= 0 && (typeof value === "bigint" || Number.isSafeInteger(value))) return String(value);
  throw new ArgumentError(`${what} must be a whole number from 0; nothing was sent.`);
}

/** For a message: what kind of thing it is, and nothing of what is in it. */
function nameOf(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
