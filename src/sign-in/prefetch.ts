import type { IncomingHttpHeaders } from "node:http";

/** Whether a browser asks for this on suspicion, before anybody has gone there: it may never be shown. */
export function isPrefetch(headers: IncomingHttpHeaders): boolean {
  const said = ["sec-purpose", "purpose", "x-purpose", "x-moz"].map((name) => headers[name]);
  return /prefetch|prerender|preview/i.test(said.join());
}
