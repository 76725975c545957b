import type { Request } from "express";

/** Where the simulator begins for this client, without a trailing slash. */
export function baseOf(req: Request): string {
  return `${req.protocol}://${req.get("host") ?? "localhost"}${req.baseUrl}`;
}

/** The query as sent, with its question mark; empty without one. */
export function searchOf(req: Request): string {
  const at = req.url.indexOf("?");
  return at < 0 ? "" : req.url.slice(at);
}
