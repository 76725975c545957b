import type { Request } from "express";

/**
 * Whether a person is waiting for this page, so that sending them elsewhere makes sense: not a script's request, a
 * prefetch, a form or a HEAD. Browsers say so themselves in Fetch Metadata; for older ones the Accept header decides.
 */
export function isNavigation(req: Request): boolean {
  if (req.method !== "GET" || req.get("x-requested-with") !== undefined || isPrefetch(req)) return false;
  const mode = req.get("sec-fetch-mode");
  if (mode === undefined) return /\btext\/html\b/.test(req.get("accept") ?? "");
  const destination = req.get("sec-fetch-dest");
  return mode === "navigate" && (destination === undefined || destination === "document");
}

function isPrefetch(req: Request): boolean {
  return /prefetch|prerender|preview/i.test(`${req.get("sec-purpose")} ${req.get("purpose")} ${req.get("x-moz")}`);
}
