import type { Request, Response } from "express";
import { baseOf } from "../address";

/** What a request leads to; without a body the answer is empty. */
export interface Answer {
  readonly status: 200 | 201 | 202 | 204;
  readonly body?: object;
}

export const done: Answer = { status: 204 };

export function ok(body: object): Answer {
  return { status: 200, body };
}

export function created(body: object): Answer {
  return { status: 201, body };
}

/** Fields that hold an address of the simulator; the seeded data knows only their paths. */
const addresses = new Set([
  "direct_link",
  "recording",
  "voicemail",
  "asset",
  "recording_short_url",
  "voicemail_short_url",
  "downloadUrl",
  "download_url",
]);

/** Answers JSON in which our own addresses are those this client reached us by. */
export function sendJson(req: Request, res: Response, body: object): void {
  res.type("json").send(sendableJson(body, baseOf(req)));
}

/** JSON in which our own addresses begin with `base`. */
export function sendableJson(body: object, base: string): string {
  return JSON.stringify(body, (key, value: unknown) =>
    addresses.has(key) && typeof value === "string" && value.startsWith("/") ? base + value : value,
  );
}

const reasons = {
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  413: "Payload Too Large",
  422: "Unprocessable Entity",
  429: "Too Many Requests",
  500: "Internal Server Error",
} as const;

export type RefusalStatus = keyof typeof reasons;

/** A refusal by the part of Aircall that knows the account, thrown where it is noticed. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(
    readonly status: RefusalStatus,
    troubleshoot: string,
    /** Properties that some refusals have beside the usual ones: `errors`; of messages, `key`. */
    readonly more: Readonly<Record<string, unknown>> = {},
  ) {
    super(troubleshoot);
  }

  send(res: Response): void {
    const { status, message: troubleshoot, more } = this;
    noteReason(res, troubleshoot);
    if (isAboutMessages(res)) return sendMessagingRefusal(res, this);
    res.status(status).json({ error: reasons[status], troubleshoot, success: false, ...more });
  }
}

/** Notes why a request was refused, for the journal; `reason` may be shown to whoever looks. */
export function noteReason(res: Response, reason: string): void {
  res.locals["reason"] = reason;
}

/** Marks an answer as the messaging service's, which refuses in words of its own. */
export function markAsMessaging(res: Response): void {
  res.locals["messaging"] = true;
}

function isAboutMessages(res: Response): boolean {
  return res.locals["messaging"] === true;
}

function sendMessagingRefusal(res: Response, { status, message, more }: Refusal): void {
  const keys: Partial<Record<RefusalStatus, string>> = { 400: "InvalidPayload" };
  const key = keys[status] ?? reasons[status].replaceAll(" ", "");
  res.status(status).json({ message, key, ...more });
}

/** Sends a refusal at once. */
export function refuse(res: Response, status: RefusalStatus, troubleshoot: string): void {
  new Refusal(status, troubleshoot).send(res);
}

/** A refusal before any account is known: another shape, as measured. */
export function refuseAtEdge(res: Response, status: 401 | 403 | 404, reason: string): void {
  noteReason(res, reason);
  const message = { 401: "Unauthorized", 403: "Forbidden", 404: "Not Found" }[status];
  res.status(status).json({ message });
}
