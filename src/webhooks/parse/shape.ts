import { WebhookError } from "../../errors/webhook";

/** Limits of an event's JSON: none of Aircall's comes near them. */
const maxDepth = 64;
const maxMarks = 40_000;

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;

/**
 * Refuses JSON that would take long to parse, by one pass over its bytes. Brackets and commas within texts do not count.
 * @throws {WebhookError} it is nested too deeply, or made of too many parts.
 */
export function requirePlainBytes(bytes: Uint8Array): void {
  let depth = 0;
  let marks = 0;
  let inText = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (inText) {
      if (byte === backslash) at++;
      else if (byte === quote) inText = false;
      continue;
    }
    if (byte === quote) {
      inText = true;
      continue;
    }
    const step = stepOf(byte);
    if (step === 0 && byte !== comma) continue;
    depth += step;
    marks += 1;
    if (depth > maxDepth || marks > maxMarks) throw tooComplex();
  }
}

/** The same for JSON that somebody else has parsed, without a recursion that it could make as deep as it likes. */
export function requirePlainValue(value: unknown): void {
  const open: { readonly held: unknown; readonly depth: number }[] = [{ held: value, depth: 0 }];
  let marks = 0;
  for (let next = open.pop(); next; next = open.pop()) {
    const { held, depth } = next;
    if (typeof held !== "object" || held === null) continue;
    if (depth >= maxDepth) throw tooComplex();
    const inside: unknown[] = Object.values(held);
    marks += inside.length + 1;
    if (marks > maxMarks) throw tooComplex();
    for (const one of inside) open.push({ held: one, depth: depth + 1 });
  }
}

function stepOf(byte: number): number {
  if (byte === 0x7b || byte === 0x5b) return 1;
  return byte === 0x7d || byte === 0x5d ? -1 : 0;
}

function tooComplex(): WebhookError {
  return new WebhookError(
    "webhook_body",
    "The body is no event of Aircall's: it is nested too deeply, or has too many parts.",
  );
}
