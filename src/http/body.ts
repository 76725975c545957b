import { ConnectionError } from "../errors";

/** JSON from outside: undefined when there was nothing to read. Throws a SyntaxError when it is no JSON. */
export function parseBody(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch (error) {
    if (text.trim() === "") return undefined;
    throw error;
  }
}

/** The entity under `key`, or the whole answer where Aircall left the wrapper out: sources disagree on some. */
export function unwrap(body: unknown, key: string | null, request: string): unknown {
  if (key === null || body === undefined) return body;
  if (!isRecord(body)) throw new ConnectionError(request, "the answer was not a JSON object.");
  return Object.hasOwn(body, key) ? body[key] : body;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The answer is longer than anyone agreed to read. */
export class BodyTooLarge extends Error {
  override readonly name = "BodyTooLarge";
}
