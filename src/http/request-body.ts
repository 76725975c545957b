import { propertyOf } from "../errors/property";
import { ConfigError } from "../errors/errors";
import { tellsAll } from "./plain";

/**
 * An object as JSON, whole.
 * @throws {ConfigError} JSON would leave something out, or turn it into something else.
 */
export function encodeBody(body: object): string {
  if (typeof body !== "object" || body === null || Array.isArray(body) || !tellsAll(body)) {
    throw new ConfigError(`The body must be a plain object; got ${body === null ? "null" : typeOf(body)}.`);
  }
  try {
    const text: string | undefined = JSON.stringify(body, refuseLoss);
    if (text?.startsWith("{")) return text;
    throw new ConfigError("The body must be a plain object; its toJSON answers something else.");
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError("The body cannot be written as JSON: it holds itself, or something of it cannot be read.");
  }
}

/** `toJSON` has been asked before: a Date is a text by now, one that is no moment null, and a Buffer an object. */
function refuseLoss(this: unknown, name: string, value: unknown): unknown {
  const given = propertyOf(this, name);
  const lost =
    ArrayBuffer.isView(given) ||
    (given instanceof Date && value === null) ||
    (Array.isArray(this) && value === undefined) ||
    typeof value === "bigint" ||
    typeof value === "function" ||
    typeof value === "symbol" ||
    (typeof value === "number" && !Number.isFinite(value)) ||
    (typeof value === "object" && value !== null && !Array.isArray(value) && !tellsAll(value));
  if (!lost) return value;
  throw new ConfigError(
    `${name === "" ? "The body" : `"${name}" in the body`} is ${typeOf(given instanceof Date ? given : value)}, which JSON has no room for.`,
  );
}

function typeOf(value: unknown): string {
  if (typeof value === "number") return String(value);
  if (value instanceof Date) return "an invalid Date";
  if (Array.isArray(value)) return "a list";
  if (typeof value !== "object" || value === null) return `a ${typeof value}`;
  const name = propertyOf(value.constructor, "name");
  return typeof name === "string" && /^\w{1,40}$/.test(name) && name !== "Object" ? `a ${name}` : "an object";
}
