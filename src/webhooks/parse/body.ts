import { WebhookError } from "../../errors/webhook";
import { requirePlainBytes, requirePlainValue } from "./shape";

/** 1 MB: a deprecated user event grows with the company. */
export const usualMaxBytes = 1_000_000;

/** A delivery's body: its bytes, its text, or what a body parser has made of them. */
export type EventBody = string | Uint8Array | ArrayBuffer | object;

/** @throws {WebhookError} it is too large, no JSON, or JSON that would take long to parse. */
export function readJson(body: unknown, maxBytes: number): unknown {
  if (typeof body === "string") {
    // A text has as many bytes as letters at the least.
    if (body.length > maxBytes) throw tooLarge();
    return parseBytes(encoder.encode(body), maxBytes);
  }
  if (body instanceof Uint8Array) return parseBytes(body, maxBytes);
  if (body instanceof ArrayBuffer) return parseBytes(new Uint8Array(body), maxBytes);
  requirePlainValue(body);
  return body;
}

export function tooLarge(): WebhookError {
  return new WebhookError("webhook_too_large", "The body is larger than an event of Aircall's may be.");
}

const encoder = new TextEncoder();
/** One decoder for all bodies: to make one takes longer than to use it. */
const decoder = new TextDecoder("utf-8", { fatal: true });

function parseBytes(bytes: Uint8Array, maxBytes: number): unknown {
  if (bytes.length > maxBytes) throw tooLarge();
  requirePlainBytes(bytes);
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    // The parser's own message quotes the body.
    throw new WebhookError("webhook_body", "The body is no JSON.");
  }
}
