import { ConnectionError } from "../errors/errors";
import type { ListShape } from "./route";

/** JSON from outside: undefined when there was nothing to read. Throws a SyntaxError when it is no JSON. */
export function parseBody(marked: string): unknown {
  const text = withoutMark(marked);
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch (error) {
    if (text.trim() === "") return undefined;
    throw error;
  }
}

/** Without the byte order mark that some proxies and gateways put before JSON (RFC 8259, 8.1). */
export function withoutMark(text: string): string {
  return text.startsWith("\ufeff") ? text.slice(1) : text;
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

/**
 * Whether an answer holds its list, be it empty. Aircall now and then answers without: that is no empty list, unless
 * what it tells of its pages says so.
 */
export function holdsList(body: unknown, { key, bare = false }: ListShape): boolean {
  if (Array.isArray(body)) return bare;
  if (!isRecord(body)) return false;
  if (Array.isArray(body[key])) return true;
  const facts = body["meta"] ?? body["pageInfo"];
  const counts = isRecord(facts) ? [facts["total"], facts["count"], facts["totalCount"]] : [];
  const told = counts.filter((count) => count !== undefined && count !== null);
  return (body[key] ?? null) === null && told.length > 0 && told.every((count) => Number(count) === 0);
}

/** The answer has come without the list that was asked for. */
export class ListMissing extends Error {
  override readonly name = "ListMissing";
}

/** The answer is longer than anyone agreed to read. */
export class BodyTooLarge extends Error {
  override readonly name = "BodyTooLarge";
}

/** The body is not in the encoding that its header names. */
export class CodingUnreadable extends Error {
  override readonly name = "CodingUnreadable";
}
