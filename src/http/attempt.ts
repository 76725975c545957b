import { type ApiError, ConnectionError, RateLimitError, type RateSnapshot } from "../errors";
import { type Answered, createAnswered } from "./answered";
import { BodyTooLarge, ListMissing } from "./body";
import type { TimedDeadline } from "./deadline";
import type { Credential } from "./http";
import { headersFor, type Message } from "./message";
import { rateHere, readRate, readWaitMs } from "./rate";
import { readRefusal } from "./refusal";
import type { Failure } from "./retry";
import type { Transport, TransportAnswer } from "./transport";

/** `status` and `rate` are null where no answer came; its reset is by the clock here. */
export type Outcome = { readonly status: number | null; readonly rate: RateSnapshot | null } & (
  | { readonly kind: "answered"; readonly answered: Answered }
  | { readonly kind: "denied"; readonly status: 401 | 403; readonly error: ApiError }
  | { readonly kind: "limited"; readonly error: RateLimitError; readonly retryAfterMs: number }
  | Failure<"passing" | "unreadable" | "final">
);

export interface Means {
  readonly transport: Transport;
  readonly deadline: TimedDeadline;
  readonly now: () => number;
  /** Whether a good answer must be JSON. */
  readonly parse: boolean;
}

const maxBodyBytes = 64 * 2 ** 20;
const maxRefusalBytes = 64 * 2 ** 10;

/** Sends a message once and names what came of it. */
export async function attempt(message: Message, credential: Credential, means: Means): Promise<Outcome> {
  const { method, url, body, request } = message;
  const headers = headersFor(method, credential);
  let answer: TransportAnswer;
  try {
    answer = await means.transport.send({ method, url, headers, body, signal: means.deadline.stop });
  } catch (error) {
    return { kind: "passing", status: null, rate: null, error: unreachable(request, error) };
  }

  const said = readRate(answer);
  const rate = rateHere(said, answer, means.now());
  const { status } = answer;
  if (status >= 200 && status < 300) return { status, rate, ...(await readAnswer(answer, said, message, means)) };

  const text = await answer.bytes(maxRefusalBytes).then(String, () => "");
  if (status === 429) {
    const retryAfterMs = readWaitMs(answer, rate, means.now());
    return { kind: "limited", status, rate, retryAfterMs, error: new RateLimitError(request, retryAfterMs, said) };
  }
  if (status < 400) {
    const error = new ConnectionError(request, `a redirect (${status}) was answered; none is followed.`);
    return { kind: "final", status, rate, error };
  }
  const error = readRefusal({ status, text, request, rate: said, credential });
  if (status === 401 || status === 403) return { kind: "denied", status, rate, error };
  return { kind: status >= 500 ? "passing" : "final", status, rate, error };
}

type Read = { readonly kind: "answered"; readonly answered: Answered } | Failure<"passing" | "unreadable" | "final">;

async function readAnswer(
  answer: TransportAnswer,
  rate: RateSnapshot,
  { request, list }: Message,
  { parse }: Means,
): Promise<Read> {
  const { status, headers } = answer;
  let bytes: Buffer;
  try {
    bytes = await answer.bytes(maxBodyBytes);
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) return { kind: "passing", error: unreachable(request, error) };
    return { kind: "final", error: new ConnectionError(request, "the answer is longer than 64 MiB.") };
  }
  try {
    return { kind: "answered", answered: createAnswered({ status, headers, rate, bytes }, { parse, list }) };
  } catch (error) {
    const reason = error instanceof ListMissing ? "the answer came without its list." : "the answer was not JSON.";
    return { kind: "unreadable", error: new ConnectionError(request, reason) };
  }
}

/** Nothing, or nothing whole, came from a server. */
export function unreachable(request: string, error: unknown, server = "Aircall"): ConnectionError {
  // The global fetch hides what happened behind "fetch failed".
  const cause = (error instanceof Error && error.cause) || error;
  const { code } = Object(cause) as { code?: unknown };
  const detail = typeof code === "string" && /^[A-Z_\d]+$/.test(code) ? ` (${code})` : "";
  return new ConnectionError(request, `the connection to ${server} broke or could not be made${detail}.`, { cause });
}
