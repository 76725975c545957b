import type { IncomingMessage, ServerResponse } from "node:http";
import type { WebhookError } from "../errors/errors";

/** How long the rest of a refused body is read: cut off at once, the answer would not arrive. */
const lingerMs = 1_000;

/** Answers a status without a body: whoever sends learns no more. */
export function send(res: ServerResponse, status: number, headers: Readonly<Record<string, string>> = {}): void {
  if (res.headersSent || res.destroyed) return;
  res.writeHead(status, { ...headers, "Content-Length": "0", "Cache-Control": "no-store" });
  res.end();
}

export function refuse(req: IncomingMessage, res: ServerResponse, error: WebhookError): void {
  const allow = error.status === 405 ? { Allow: "POST" } : {};
  if (req.readableEnded) return send(res, error.status, { ...error.headers, ...allow });
  send(res, error.status, { ...error.headers, ...allow, Connection: "close" });
  const timer = setTimeout(() => req.destroy(), lingerMs).unref();
  req.once("close", () => clearTimeout(timer));
  req.resume();
}
