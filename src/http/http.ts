import type { RateSnapshot } from "../errors";
import { unwrap } from "./body";
import { createExchange } from "./exchange";
import { compose, type Message } from "./message";
import { type Page, resolveLink, toPage } from "./pages";
import type { Route } from "./route";
import type { Transport } from "./transport";

/** How long something may still take, and how to hear that it should stop. */
export interface Deadline {
  /** Aborts when time is up or the caller gave up. */
  readonly signal: AbortSignal;
  remainingMs(): number;
}

/** What proves to Aircall who is asking. */
export interface Credential {
  /** The whole value of the Authorization header. */
  readonly authorization: string;
  /** The part of it that must never be shown. */
  readonly secret: string;
}

/** Where a request gets its credential from. */
export interface TokenSource {
  /** The credential for the next attempt; renews it first when it is about to expire. */
  credential(deadline: Deadline): Promise<Credential>;
  /**
   * Aircall answered 401 or 403 to this credential. Resolves `"again"` when a fresh `credential()` is worth one more
   * attempt, `"permission"` when the credential is fine and the answer stands; rejects with an error of its own when
   * the credential is worthless. `request` is the route template of what was refused, e.g. `GET /v1/calls/:id`.
   */
  refused(
    credential: Credential,
    status: 401 | 403,
    deadline: Deadline,
    request?: string,
  ): Promise<"again" | "permission">;
}

/** Asks Aircall whether it still accepts a credential; `"unknown"` when it could not be asked. Never rejects. */
export type Probe = (credential: Credential, deadline: Deadline) => Promise<"accepted" | "refused" | "unknown">;

/** Whose turn it is to send. The budget takes this seat; without one every request may go at once. */
export interface Turn {
  take(deadline: Deadline): Promise<void>;
  /** Told what the rate headers of each answer said. */
  saw(rate: RateSnapshot): void;
}

/** What one call may choose for itself. */
export interface CallOptions {
  signal?: AbortSignal;
  /** Milliseconds for this request in all: waiting, retries and reading the answer. Default: the `timeoutMs` setting. */
  timeoutMs?: number;
  /** How often a safe request is sent again after a passing failure. Default 2. */
  maxRetries?: number;
}

/** One request done well; the resources are written in terms of it. */
export interface Http {
  /**
   * The entity under `key` of the answer, or the whole answer with `key` null; `undefined` when the answer is empty.
   * `input` travels as the query of a GET or DELETE and as the JSON body otherwise.
   */
  send<T>(route: Route, key: string | null, input?: object, options?: CallOptions): Promise<T>;
  /** One page of a list. */
  page<T>(route: Route, key: string, query?: object, options?: CallOptions): Promise<Page<T>>;
}

export interface HttpParts {
  /** Origin and base path of the API, without a trailing slash. */
  readonly apiUrl: string;
  /** For requests that name none. */
  readonly timeoutMs: number;
  readonly transport: Transport;
  readonly tokens: TokenSource;
  readonly turn?: Turn;
  readonly now?: () => number;
  readonly random?: () => number;
  /** Rejects when the signal aborts. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

export function createHttp(parts: HttpParts): Http {
  const { apiUrl } = parts;
  const exchange = createExchange(parts);

  async function openPage<T>(message: Message, key: string, options: CallOptions): Promise<Page<T>> {
    const body = await exchange(message, options);
    return toPage<T>(body, key, async (link) => {
      const url = resolveLink(link, apiUrl, message.request);
      return openPage<T>({ ...message, url }, key, options);
    });
  }

  return {
    async send<T>(route: Route, key: string | null, input?: object, options: CallOptions = {}) {
      const body = await exchange(compose(apiUrl, route, input), options);
      return unwrap(body, key, route.template) as T;
    },
    async page<T>(route: Route, key: string, query?: object, options: CallOptions = {}) {
      return openPage<T>(compose(apiUrl, route, query), key, options);
    },
  };
}
