import type { Request } from "express";

/**
 * Browsers say where a form was sent from; a request that says nothing was not sent by one of this site's pages. Where
 * both say it, both must: `null` is what a page with `Referrer-Policy: no-referrer` sends for its origin.
 */
export function isSameOrigin(req: Request, origin: string): boolean {
  const site = req.get("sec-fetch-site");
  const from = req.get("origin");
  if (site === undefined) return from === origin;
  return site === "same-origin" && [undefined, "null", origin].includes(from);
}
