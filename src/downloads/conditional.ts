import type { IncomingMessage, ServerResponse } from "node:http";
import { readHttpDate } from "../http/http-date";
import type { FileHead } from "./head";

/** The visitor has this very file: by its ETag, or by its date where no ETag is named (RFC 9110, 13.1.2 and 13.1.3). */
export function isKnown({ method, headers }: IncomingMessage, { status, etag, lastModified }: FileHead): boolean {
  if (status === 416 || (method !== "GET" && method !== "HEAD")) return false;
  const known = headers["if-none-match"];
  if (known !== undefined) return etag !== null && isAmong(etag, known);
  return readHttpDate(lastModified ?? "") <= readHttpDate(headers["if-modified-since"] ?? "");
}

function isAmong(etag: string, known: string): boolean {
  const plain = (tag: string) => tag.trim().replace(/^W\//, "");
  return known.trim() === "*" || known.split(",").some((tag) => plain(tag) === plain(etag));
}

export function sendNotModified(res: ServerResponse, { etag, lastModified }: FileHead): void {
  if (etag !== null) res.setHeader("ETag", etag);
  else if (lastModified !== null) res.setHeader("Last-Modified", lastModified);
  keepAsItIs(res);
  res.statusCode = 304;
  res.end();
}

/**
 * Private, unless the app has said something else; and whole: were compression(), or a proxy, to code a part, the range
 * it names would be of something else.
 */
export function keepAsItIs(res: ServerResponse): void {
  const said = [res.getHeader("Cache-Control") ?? "private"].flat().join(", ");
  res.setHeader("Cache-Control", /\bno-transform\b/i.test(said) ? said : `${said}, no-transform`);
}
