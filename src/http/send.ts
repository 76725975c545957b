import { type ApiError, ConnectionError, RateLimitError, type RateSnapshot } from "../errors/errors";
import { isProgrammingError } from "../errors/programming-error";
import { type Answered, createAnswered, long, textOfLong } from "./response";
import { BodyTooLarge, CodingUnreadable, ListMissing } from "./response-body";
import { withoutCoding } from "./transport/content-coding";
import type { TimedDeadline } from "../time/deadline";
import type { Credential } from "./credential";
import { headersFor, type OutgoingRequest } from "./request";
import { rateHere, readRate, readRetryAfterMs, readWaitMs } from "./rate-headers";
import { readRefusal } from "./api-error";
import type { Failure } from "./retry";
import type { Trail } from "./trail";
import type { Transport, TransportAnswer } from "./transport/transport";
import { unreachable, wayTo } from "./transport/unreachable";

/** What came of one attempt. `status` and `rate` are null where no answer came; its reset is by the clock here. */
export type Attempted = Result & { readonly status: number | null; readonly rate: RateSnapshot | null };

type Result =
  | { readonly kind: "answered"; readonly answered: Answered }
  | { readonly kind: "denied"; readonly status: 401 | 403; readonly error: ApiError }
  | { readonly kind: "limited"; readonly error: RateLimitError; readonly retryAfterMs: number }
  | Failure<"unsent" | "passing" | "unreadable" | "final">;

export interface Means {
  readonly transport: Transport;
  readonly deadline: TimedDeadline;
  readonly now: () => number;
  /** Whether a good answer must be JSON. */
  readonly parse: boolean;
  readonly trail: Trail;
  /** Whether it acts, and a connection that ends as it leaves would leave open what became of it. */
  readonly fresh: boolean;
}

/** An answer that has begun, and what was asked. */
interface Begun {
  readonly answer: TransportAnswer;
  /** The rate limit as the headers say. */
  readonly said: RateSnapshot;
  /** The rate limit with its reset by the clock here. */
  readonly rate: RateSnapshot;
  readonly message: OutgoingRequest;
  readonly credential: Credential;
}

const maxBodyBytes = 64 * 2 ** 20;
const maxRefusalBytes = 64 * 2 ** 10;
const refusalWithinMs = 1_000;

/** Sends a message once and names what came of it. A bug on the way comes out as it was thrown. */
export async function sendOnce(message: OutgoingRequest, credential: Credential, means: Means): Promise<Attempted> {
  const { method, url, body } = message;
  const { trail, transport, fresh } = means;
  const headers = headersFor(method, credential, transport.codings?.() ?? null);
  const onLeaving = (leaving: boolean) => trail.leaves(leaving);
  const how = { signal: means.deadline.stop, fresh, onLeaving };
  let answer: TransportAnswer;
  try {
    answer = await transport.send({ method, url, headers, body, ...how });
  } catch (error) {
    throwBug(error, means);
    return {
      status: null,
      rate: null,
      ...(trail.leaving ? broken(message, error, means) : unsent(message, error, means)),
    };
  }

  const said = readRate(answer);
  const rate = rateHere(said, answer, means.now());
  const { status } = answer;
  const begun = { answer, said, rate, message, credential };
  const result = status >= 200 && status < 300 ? await readAnswer(begun, means) : await readNo(begun, means);
  return { status, rate, ...result };
}

async function readAnswer({ answer, said, message }: Begun, means: Means): Promise<Result> {
  const { parse, trail } = means;
  const { status, headers } = answer;
  const { request } = message;
  let bytes: Buffer;
  try {
    bytes = await answer.bytes(maxBodyBytes);
  } catch (error) {
    throwBug(error, means);
    if (error instanceof CodingUnreadable) {
      return { kind: "unreadable", error: unclear(request, error.message, { trail, cause: error.cause }) };
    }
    if (!(error instanceof BodyTooLarge)) return broken(message, error, means);
    return { kind: "final", error: unclear(request, "the answer is longer than 64 MiB.", { trail }) };
  }
  try {
    const text = parse && bytes.length >= long ? await textOfLong(bytes) : undefined;
    const answer = { status, headers: withoutCoding(headers), rate: said, bytes };
    return { kind: "answered", answered: createAnswered(answer, { parse, list: message.list, text }) };
  } catch (error) {
    if (!(error instanceof ListMissing || error instanceof SyntaxError)) throw error;
    const reason = error instanceof ListMissing ? "the answer came without its list." : "the answer was not JSON.";
    return { kind: "unreadable", error: unclear(request, reason, { trail }) };
  }
}

async function readNo({ answer, said, rate, message, credential }: Begun, { now, trail }: Means): Promise<Result> {
  const { status } = answer;
  const { request } = message;
  const text = await textOf(answer);
  if (status < 400) {
    return {
      kind: "final",
      error: unclear(request, `a redirect (${status}) was answered; none is followed.`, { trail }),
    };
  }
  const outcome = trail.ended(status < 500 ? "refused" : "unknown");
  if (status === 429) {
    const retryAfterMs = readWaitMs(answer, rate, now());
    return { kind: "limited", retryAfterMs, error: new RateLimitError(request, retryAfterMs, said, outcome) };
  }
  const retryAfterMs = status >= 500 ? readRetryAfterMs(answer, now()) : null;
  const error = readRefusal({ status, text, request, rate: said, credential, retryAfterMs, outcome });
  if (status === 401 || (status === 403 && error.code === "not_entitled")) return { kind: "denied", status, error };
  return { kind: status >= 500 || status === 408 ? "passing" : "final", error };
}

/** What a refusal says is worth a short wait: its status says the most, and its body may never end. */
async function textOf(answer: TransportAnswer): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(resolve, refusalWithinMs, null)));
  const text = await Promise.race([answer.bytes(maxRefusalBytes).then(String, () => ""), late]);
  clearTimeout(timer);
  if (text === null) void answer.discard().catch(() => undefined);
  return text ?? "";
}

/** Whoever stops a request may give any reason for it. */
function throwBug(error: unknown, { deadline }: Means): void {
  if (!deadline.stop.stopped && isProgrammingError(error)) throw error;
}

function unsent({ request, url }: OutgoingRequest, error: unknown, { trail, transport }: Means): Failure<"unsent"> {
  const outcome = trail.ended("not_sent");
  return {
    kind: "unsent",
    error: unreachable(request, error, { ...wayTo(url, transport), outcome, connected: false }),
  };
}

function broken({ request, url }: OutgoingRequest, error: unknown, { trail, transport }: Means): Failure<"passing"> {
  const outcome = trail.ended("unknown");
  return { kind: "passing", error: unreachable(request, error, { ...wayTo(url, transport), outcome }) };
}

interface Unclear {
  readonly trail: Trail;
  readonly cause?: unknown;
}

function unclear(request: string, reason: string, { trail, cause }: Unclear): ConnectionError {
  const outcome = trail.ended("unknown");
  return new ConnectionError(request, reason, { outcome, ...(cause !== undefined && { cause }) });
}
