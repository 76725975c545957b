import { STATUS_CODES } from "node:http";
import { ApiError, type ApiErrorCode, type RateSnapshot, ResultCapError } from "../errors/errors";
import type { RequestOutcome } from "../errors/outcome";
import { cleanText, phoneNumbersIn } from "../errors/clean-text";
import { isRecord, parseBody } from "./response-body";
import type { Credential } from "./credential";

interface Refused {
  readonly status: number;
  /** The body as it came, which may be anything. */
  readonly text: string;
  /** Method and route template. */
  readonly request: string;
  readonly rate: RateSnapshot;
  /** What was sent; an answer may repeat it. */
  readonly credential: Credential;
  readonly retryAfterMs: number | null;
  /** Of all attempts so far. */
  readonly outcome: RequestOutcome;
}

const codes: Readonly<Record<number, ApiErrorCode>> = {
  400: "bad_request",
  401: "unauthorized",
  403: "not_entitled",
  404: "not_found",
  405: "not_allowed",
  409: "conflict",
  422: "unprocessable",
};

/** The messaging service refuses a number that sends in the other of its two ways. */
const wrongModeKey = "LineIsNotNativeException";

/** Aircall's refusal in named fields. Its two tiers and its messaging service answer in different shapes. */
export function readRefusal({ text, credential, ...refused }: Refused): ApiError {
  const { status } = refused;
  const body = readObject(text);
  const title = firstText(body["error"], body["message"]) ?? STATUS_CODES[status] ?? "unknown status";
  const details = readDetails(body, title);
  const clean = (raw: string) => cleanText(raw, secretsOf(credential));
  const code = body["key"] === wrongModeKey && status === 403 ? "wrong_number_mode" : codeOf(status, details);
  const Refusal = code === "result_cap" ? ResultCapError : ApiError;
  return new Refusal({
    ...refused,
    code,
    title: clean(title),
    troubleshoot: details === "" ? null : clean(details),
    phoneNumbers: status === 422 ? flatten(body["errors"]).flatMap(phoneNumbersIn) : [],
  });
}

function readObject(text: string): Record<string, unknown> {
  try {
    const body = parseBody(text);
    return isRecord(body) ? body : {};
  } catch {
    return {};
  }
}

function firstText(...values: unknown[]): string | undefined {
  return values.find((value): value is string => typeof value === "string" && value.trim() !== "");
}

/** Every explanation in the body once, without those that only spell the title as a code (`BAD_REQUEST`). */
function readDetails(body: Record<string, unknown>, title: string): string {
  const texts = ["troubleshoot", "message", "errors", "error", "key"].flatMap((field) => flatten(body[field]));
  const told = texts.filter((text) => plain(text) !== plain(title));
  return [...new Set(told)].join("; ");
}

function plain(text: string): string {
  return text.replaceAll("_", " ").trim().toLowerCase();
}

/** The texts in a value of unknown shape, each behind the name it stood under; not deeper than errors ever are. */
function flatten(value: unknown, depth = 0): string[] {
  if (typeof value === "string" || typeof value === "number") return String(value).trim() === "" ? [] : [String(value)];
  if (typeof value !== "object" || value === null || depth === 4) return [];
  if (Array.isArray(value)) return value.slice(0, 20).flatMap((item) => flatten(item, depth + 1));
  const named = Object.entries(value).slice(0, 20);
  return named.flatMap(([name, item]) => flatten(item, depth + 1).map((text) => `${name}: ${text}`));
}

function codeOf(status: number, details: string): ApiErrorCode {
  if (status === 400 && /\b(?:10(?:k|[ ,.]?000)|first \d+) results\b/i.test(details)) return "result_cap";
  if (status === 405 && /unavailable|not available/i.test(details)) return "agent_unavailable";
  return codes[status] ?? (status >= 500 ? "server_error" : "api_error");
}

/** The credential in the forms an answer could repeat it in; base64 without its padding, which may arrive escaped. */
function secretsOf({ secret, authorization }: Credential): string[] {
  const sent = authorization.slice(authorization.indexOf(" ") + 1).replace(/=+$/, "");
  return [secret, encodeURIComponent(secret), sent];
}
