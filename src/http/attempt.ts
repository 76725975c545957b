import { type ApiError, ConnectionError, RateLimitError } from "../errors";
import { parseBody } from "./body";
import type { Credential, Deadline, Turn } from "./http";
import { headersFor, type Message } from "./message";
import { readRate, readWaitMs } from "./rate";
import { readRefusal } from "./refusal";
import type { Failure } from "./retry";
import { BodyTooLarge, type Transport, type TransportAnswer } from "./transport";

export type Outcome =
  | { readonly kind: "answered"; readonly body: unknown }
  | { readonly kind: "denied"; readonly status: 401 | 403; readonly error: ApiError }
  | Failure;

interface Means {
  readonly transport: Transport;
  readonly turn: Turn;
  readonly deadline: Deadline;
  readonly now: () => number;
}

const maxBodyBytes = 64 * 2 ** 20;
const maxRefusalBytes = 64 * 2 ** 10;

/** Sends a message once and names what came of it. */
export async function attempt(message: Message, credential: Credential, means: Means): Promise<Outcome> {
  const { method, url, body, request } = message;
  const headers = headersFor(method, credential);
  let answer: TransportAnswer;
  try {
    answer = await means.transport.send({ method, url, headers, body, signal: means.deadline.signal });
  } catch (error) {
    return { kind: "passing", error: unreachable(request, error) };
  }

  const rate = readRate(answer);
  means.turn.saw(rate);
  const { status } = answer;
  if (status >= 200 && status < 300) return readAnswer(answer, request);

  const text = await answer.text(maxRefusalBytes).catch(() => "");
  if (status === 429) {
    const retryAfterMs = readWaitMs(answer, rate, means.now());
    return { kind: "limited", error: new RateLimitError(request, retryAfterMs, rate) };
  }
  if (status < 400) {
    return {
      kind: "final",
      error: new ConnectionError(request, `a redirect (${status}) was answered; none is followed.`),
    };
  }
  const error = readRefusal({ status, text, request, rate, credential });
  if (status === 401 || status === 403) return { kind: "denied", status, error };
  return { kind: status >= 500 ? "passing" : "final", error };
}

async function readAnswer(answer: TransportAnswer, request: string): Promise<Outcome> {
  let text: string;
  try {
    text = await answer.text(maxBodyBytes);
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) return { kind: "passing", error: unreachable(request, error) };
    return { kind: "final", error: new ConnectionError(request, "the answer is longer than 64 MiB.") };
  }
  try {
    return { kind: "answered", body: parseBody(text) };
  } catch {
    return { kind: "unreadable", error: new ConnectionError(request, "the answer was not JSON.") };
  }
}

function unreachable(request: string, error: unknown): ConnectionError {
  // The global fetch hides what happened behind "fetch failed".
  const cause = (error instanceof Error && error.cause) || error;
  const { code } = Object(cause) as { code?: unknown };
  const detail = typeof code === "string" && /^[A-Z_\d]+$/.test(code) ? ` (${code})` : "";
  return new ConnectionError(request, `the connection to Aircall broke or could not be made${detail}.`, { cause });
}
