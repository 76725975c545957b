import { propertyOf } from "./property";
import { strippedCause } from "./cause";
import type { AircallErrorCode } from "./codes";
import type { RequestOutcome } from "./outcome";

const brand = Symbol.for("express-aircall.error");

/** Facts about an error that are safe to show: what `toJSON` answers beside name, code, status and message. */
export type ErrorFacts = Readonly<Record<string, string | number | boolean | null | object>>;

/** What an error of this library may come with. */
export interface ErrorDetails {
  cause?: unknown;
  outcome?: RequestOutcome;
}

/**
 * Everything this library throws on purpose. `instanceof` also recognises an error made by a second installed copy.
 * Messages and fields never hold a token, a secret, a session id or a phone number.
 */
export abstract class AircallError extends Error {
  /** What this class is called among copies of the library: its own name is no data, for minifiers change it. */
  protected static readonly kind: string = "AircallError";
  /** Which of its own fields `toJSON` shows. */
  protected static readonly facts: readonly string[] = [];
  /** Never changes between versions: branch on this. */
  abstract readonly code: AircallErrorCode;
  /** The HTTP status that fits an answer to the visitor; Express's own error handler uses it. */
  abstract readonly status: number;
  /**
   * What became of the request that failed, over all its attempts: whether Aircall may have done what was asked. Null
   * where no request to the API failed: settings at start, sign-in, a guard, the session store.
   */
  readonly outcome: RequestOutcome | null;

  constructor(message: string, options?: ErrorDetails) {
    super(message, options?.cause === undefined ? undefined : { cause: causeOf(options.cause) });
    this.outcome = options?.outcome ?? null;
    Object.defineProperty(this, brand, { value: lineage(new.target) });
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    // A class that somebody derives from one of these is its own only.
    if (!Object.hasOwn(this, "kind")) return Function.prototype[Symbol.hasInstance].call(this, value);
    const kinds = propertyOf(value, brand);
    return Array.isArray(kinds) && kinds.includes(this.kind);
  }

  /** The same as `status`, under the name by which NestJS and others look for it. */
  get statusCode(): number {
    return this.status;
  }

  /** Whether frameworks that go by http-errors, such as NestJS 12, may show the message: below 500. */
  get expose(): boolean {
    return this.status < 500;
  }

  /** Cause and fix, in the package: `express-aircall/docs/errors.md#rate_limited`. */
  get docs(): string {
    return `express-aircall/docs/errors.md#${this.code}`;
  }

  /** Sent along by Express's own error handler; empty but where waiting helps. */
  get headers(): Readonly<Record<string, string>> {
    return {};
  }

  /** The fields a program or a log may show. */
  toJSON(): ErrorFacts {
    const { name, code, status, message, outcome } = this;
    const { facts } = this.constructor as typeof AircallError;
    const shown: ErrorFacts = Object.fromEntries(
      facts.map((fact) => [fact, Reflect.get(this, fact) as ErrorFacts[string]]),
    );
    return { name, code, status, message, ...(outcome && { outcome }), ...shown };
  }
}

/** A setting is missing, misspelled or impossible. The message names the property, what was wrong and the fix. */
export class ConfigError extends AircallError {
  protected static override readonly kind: string = "ConfigError";
  override readonly name = "ConfigError";
  readonly code = "config_invalid";
  readonly status = 500;
}

export function retryAfter(waitMs: number): Record<string, string> {
  return { "Retry-After": String(Math.max(1, Math.ceil(waitMs / 1000))) };
}

/** What a class and its ancestors are called, down to AircallError. */
function lineage(start: unknown): unknown[] {
  const kinds: unknown[] = [];
  for (let type = start; typeof type === "function" && type !== Error; type = Object.getPrototypeOf(type)) {
    if (Object.hasOwn(type, "kind")) kinds.push(Reflect.get(type, "kind"));
  }
  return kinds;
}

function causeOf(error: unknown): Error {
  return error instanceof AircallError ? error : strippedCause(error);
}
