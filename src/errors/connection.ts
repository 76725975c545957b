import { AircallError, retryAfter } from "./base";

const storeRetryMs = 2_000;

/** For who reads the log of an app that leaves these errors to Express; `aircallErrors()` does not repeat it. */
export const mountLast = " With aircallErrors() mounted after the routes, page visits are sent to sign in.";

/** Nobody has connected an Aircall account to this session, or not the one that `as(companyId)` asks for. */
export class NotConnectedError extends AircallError {
  protected static override readonly kind: string = "NotConnectedError";
  override readonly name = "NotConnectedError";
  protected static override readonly facts = ["signInPath"];
  readonly code = "not_connected";
  readonly status = 401;

  constructor(
    /** Where on this app signing in begins, when the library knows it and no other company would be replaced. */
    readonly signInPath: string | null = null,
    message = signInPath
      ? `No Aircall account is connected. Sign in at ${signInPath}.${mountLast}`
      : `No Aircall account is connected. Send the visitor to your Aircall sign-in route first.${mountLast}`,
  ) {
    super(message);
  }
}

/**
 * Aircall has refused the connected grant for a minute or more, or refuses to renew it: signing in again helps. In the
 * first case it also works again as soon as Aircall accepts it, which the library goes on asking.
 */
export class ReconnectRequiredError extends AircallError {
  protected static override readonly kind: string = "ReconnectRequiredError";
  override readonly name = "ReconnectRequiredError";
  protected static override readonly facts = ["signInPath"];
  readonly code = "reconnect_required";
  readonly status = 401;

  constructor(
    /** The path on this app where signing in begins, when the library knows it. */
    readonly signInPath: string | null = null,
    /** `how`: what to do where there is no such path. */
    { how = "", ...options }: { cause?: unknown; how?: string } = {},
  ) {
    super(
      "Aircall no longer accepts this connection; the account must be connected again" +
        (signInPath ? ` at ${signInPath}.${mountLast}` : `${how && `: ${how}`}.`),
      options,
    );
  }
}

/** The access token could not be renewed for a passing reason. The grant is kept; try again later. */
export class RenewalFailedError extends AircallError {
  protected static override readonly kind: string = "RenewalFailedError";
  override readonly name = "RenewalFailedError";
  protected static override readonly facts = ["retryAfterMs"];
  readonly code = "renewal_failed";
  readonly status = 503;

  constructor(
    reason: string,
    /** Milliseconds before another attempt makes sense. */
    readonly retryAfterMs: number,
    options?: { cause?: unknown },
  ) {
    super(`The Aircall access token could not be renewed: ${reason}`, options);
  }

  override get headers() {
    return retryAfter(this.retryAfterMs);
  }
}

/**
 * Aircall refuses this connection's token, and for less than a minute or so: nobody knows yet whether that passes. The
 * grant is kept, and Aircall is asked again in a minute; only then may signing in again help.
 */
export class TokenRefusedError extends AircallError {
  protected static override readonly kind: string = "TokenRefusedError";
  override readonly name = "TokenRefusedError";
  protected static override readonly facts = ["retryAfterMs"];
  readonly code = "token_refused";
  readonly status = 503;
  /** Milliseconds before another attempt makes sense. */
  readonly retryAfterMs = 60_000;

  constructor(options?: { cause?: unknown }) {
    super(
      "Aircall refuses this connection at the moment; it is asked again in a minute. Nobody need sign in yet.",
      options,
    );
  }

  override get headers() {
    return retryAfter(this.retryAfterMs);
  }
}

/** The session or grant store failed or did not answer in time. Nothing is reported as stored that is not. */
export class StoreError extends AircallError {
  protected static override readonly kind: string = "StoreError";
  override readonly name = "StoreError";
  protected static override readonly facts = ["operation"];
  readonly code = "store_failed";
  readonly status = 503;

  constructor(
    /** What was tried, e.g. `save the session`. */
    readonly operation: string,
    reason: string,
    options?: { cause?: unknown },
  ) {
    super(`Could not ${operation}: ${reason}`, options);
  }

  override get headers() {
    return retryAfter(storeRetryMs);
  }
}
