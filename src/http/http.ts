import type { RateSnapshot } from "../errors";
import type { Page } from "./pages";
import type { Route } from "./route";

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
   * the credential is worthless.
   */
  refused(credential: Credential, status: 401 | 403, deadline: Deadline): Promise<"again" | "permission">;
}

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
