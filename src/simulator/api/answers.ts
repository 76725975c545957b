import type { Request, Response } from "express";
import { baseOf } from "../address";

/** Fields that hold an address of the simulator; the seeded data knows only their paths. */
const addresses = new Set([
  "direct_link",
  "recording",
  "voicemail",
  "asset",
  "recording_short_url",
  "voicemail_short_url",
]);

/** Answers JSON in which our own addresses are those this client reached us by. */
export function sendJson(req: Request, res: Response, body: object): void {
  const base = baseOf(req);
  const json = JSON.stringify(body, (key, value: unknown) =>
    addresses.has(key) && typeof value === "string" ? base + value : value,
  );
  res.type("json").send(json);
}

const reasons = {
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  413: "Payload Too Large",
  429: "Too Many Requests",
  500: "Internal Server Error",
} as const;

/** A refusal by the part of Aircall that knows the account. */
export function refuse(res: Response, status: keyof typeof reasons, troubleshoot: string): void {
  res.status(status).json({ error: reasons[status], troubleshoot, success: false });
}

/** A refusal before any account is known: another shape, as measured. */
export function refuseAtEdge(res: Response, status: 401 | 403 | 404): void {
  const message = { 401: "Unauthorized", 403: "Forbidden", 404: "Not Found" }[status];
  res.status(status).json({ message });
}
