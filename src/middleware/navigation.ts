import type { IncomingMessage } from "node:http";
import { isPrefetch } from "../sign-in/prefetch";

type Asked = Pick<IncomingMessage, "method" | "headers">;

/**
 * Whether a person is waiting for this page, so that sending them elsewhere makes sense: not a script's request, a
 * prefetch, a frame, a form, a HEAD or a WebSocket. Browsers say so themselves in Fetch Metadata, where a service worker
 * that hands the request on leaves `empty` for its destination; for those that say nothing the Accept header decides.
 */
export function isNavigation({ method, headers }: Asked): boolean {
  if (method !== "GET" || isPrefetch(headers) || /websocket/i.test(headers.upgrade ?? "")) return false;
  const { "sec-fetch-mode": mode, "sec-fetch-dest": destination = "empty", accept = "" } = headers;
  if (saysFetchMetadata(headers)) return mode === "navigate" && ["document", "empty"].includes(String(destination));
  return /\btext\/html\b/i.test(accept) && !scripts.some((name) => headers[name] !== undefined);
}

/** Headers of scripts that fetch a page to put it into theirs: XHR, htmx, Turbo. */
const scripts = ["x-requested-with", "hx-request", "turbo-frame"];

function saysFetchMetadata(headers: Asked["headers"]): boolean {
  return Object.keys(headers).some((name) => name.startsWith("sec-fetch-"));
}
