import type { IncomingMessage, ServerResponse } from "node:http";
import type { FileHead } from "./head";

/** The visitor has this very file (RFC 9110, 13.1.2). */
export function isKnown({ headers }: IncomingMessage, { status, etag }: FileHead): boolean {
  const known = headers["if-none-match"];
  if (known === undefined || etag === null || status === 416) return false;
  const plain = (tag: string) => tag.trim().replace(/^W\//, "");
  return known.trim() === "*" || known.split(",").some((tag) => plain(tag) === plain(etag));
}

export function sendNotModified(res: ServerResponse, { etag }: FileHead): void {
  res.setHeader("ETag", etag ?? "");
  if (!res.hasHeader("Cache-Control")) res.setHeader("Cache-Control", "private");
  res.statusCode = 304;
  res.end();
}
