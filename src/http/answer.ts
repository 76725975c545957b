import type { ServerResponse } from "node:http";
import { AircallError, ConfigError, type RateSnapshot } from "../errors/errors";
import type { Answered } from "./response";
import { beforeSending } from "./before-sending";
import { calledFrom } from "./call-site";
import { type How, Sending } from "./sending";
import { Cancellation } from "../time/cancel";

/** What came with an answer beside its body. */
export interface ResponseInfo {
  /** 200 to 299. */
  readonly status: number;
  readonly headers: Headers;
  readonly rate: RateSnapshot;
}

export interface Asked<T> {
  /** Method and route template. */
  readonly request: string;
  /** Sends it; with `parse` the answer is known to be JSON when it resolves. */
  readonly send: (how: How) => Promise<Answered>;
  /** Takes out of the answer what the caller asked for. */
  readonly read: (answered: Answered) => T;
}

/** Whatever was thrown: what `catch` hands over. */
type Reason = Parameters<NonNullable<Parameters<Promise<unknown>["catch"]>[0]>>[0];

/**
 * A promise of what was asked for, which can also give the answer itself. The request is sent whether or not anybody
 * waits for it.
 */
export class Answer<T> extends Promise<T> {
  readonly #sending: Sending;
  readonly #read: () => Promise<T>;
  #value: Promise<T> | undefined;

  /** @internal */
  constructor(sending: Sending, read: () => Promise<T>) {
    super(() => undefined);
    this.#sending = sending;
    this.#read = read;
  }

  static override get [Symbol.species]() {
    return Promise;
  }

  override then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: Reason) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#value ??= this.#read();
    return this.#value.then(onFulfilled, onRejected);
  }

  /**
   * The same request, read on: awaiting it gives what `read` makes of the value, and `refused` of an error. It is sent
   * once all the same, and `pipe` hands on what came.
   */
  map<U>(read: (value: T) => U, refused?: (error: unknown) => U): Answer<U> {
    return new Answer<U>(this.#sending, () => this.then(read, refused));
  }

  /** The same, with the status, headers and rate limit that came with it. */
  async withResponse(): Promise<{ data: T; response: ResponseInfo }> {
    const data = await this;
    const { status, headers, rate } = await this.#sending.answered;
    // A Date of its own: the answer may be shared with other callers.
    const resetAt = rate.resetAt && new Date(rate.resetAt);
    return { data, response: { status, headers: asHeaders(headers), rate: { ...rate, resetAt } } };
  }

  /**
   * Hands Aircall's answer on as it came, wrapper and all, without parsing it: `await req.aircall.calls.list().pipe(res)`.
   * It leaves in one piece once it is complete, so a failure before that is still retried and rejects like any other.
   * A status the response has already been given stays. Resolves when it is handed on or the visitor left, which ends
   * the request of a GET that nobody else waits for.
   * @throws {ConnectionError} when the answer does not begin and end like JSON; nothing of it is sent.
   */
  async pipe(res: ServerResponse): Promise<void> {
    const left = new Cancellation();
    const arriving = this.#sending.handOn(left);
    const leave = () => left.stop(new DOMException("The visitor left.", "AbortError"));
    if (res.destroyed) leave();
    res.once("close", leave);
    try {
      hand(await arriving, res);
    } catch (error) {
      if (!left.stopped) throw calledFrom(error, this.#sending.site);
    } finally {
      res.off("close", leave);
    }
  }
}

/** For `for await`, which would only say that an answer is not iterable. Not for the types: they say it sooner. */
void Object.defineProperty(Answer.prototype, Symbol.asyncIterator, {
  value(this: Answer<unknown>): never {
    this.catch(() => undefined);
    throw new ConfigError(
      "This is one answer and no iteration. To walk over a whole list use iterate(), as in " +
        "for await (const call of aircall.calls.iterate()); of one page await it and take its items.",
    );
  },
});

/** Sends what is asked for, and answers what `read` takes out of it. */
export function answerTo<T>({ request, send, read }: Asked<T>): Answer<T> {
  const sending = new Sending(request, send);
  return new Answer(sending, () => sending.read(read));
}

/** An answer that will not come, for nothing was sent. */
export function rejected<T>(request: string, reason: unknown): Answer<T> {
  const read = () =>
    beforeSending(request, (): never => {
      throw reason;
    });
  return answerTo<T>({ request, send: () => Promise.resolve().then(read), read });
}

function hand({ status, bytes }: Answered, res: ServerResponse): void {
  if (res.destroyed) return;
  if (res.statusCode === 200) res.statusCode = status;
  if (bytes.length === 0) return void res.end();
  res.setHeader("Content-Type", "application/json; charset=utf-8");
  res.setHeader("Content-Length", bytes.length);
  res.end(bytes);
}

function asHeaders(headers: Answered["headers"]): Headers {
  const all = new Headers();
  for (const [name, value = []] of Object.entries(headers)) for (const one of [value].flat()) all.append(name, one);
  return all;
}

/** What a row answers that looks into its arguments before it asks: where it cannot, it rejects as all do. */
export function lookingFirst<T>(request: string, ask: () => Answer<T>): Answer<T> {
  try {
    return ask();
  } catch (error) {
    const reason = `${request}: an argument is not what this row takes.`;
    return rejected(request, error instanceof AircallError ? error : new ConfigError(reason, { cause: error }));
  }
}
