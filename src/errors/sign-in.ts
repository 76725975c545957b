import { AircallError } from "./base";
import type { SignInErrorCode } from "./codes";

const signInStatus: Record<SignInErrorCode, number> = {
  sign_in_denied: 403,
  sign_in_failed: 502,
  sign_in_refused: 403,
  sign_in_state: 400,
  sign_in_callback: 400,
  sign_in_prefetch: 503,
  sign_in_exchange: 502,
  sign_in_profile: 502,
  key_refused: 422,
  already_connected: 409,
};

/** Signing in at Aircall did not succeed; `code` says at which step. Nothing was kept. */
export class SignInError extends AircallError {
  protected static override readonly kind: string = "SignInError";
  override readonly name = "SignInError";
  protected static override readonly facts = ["oauthError"];
  readonly status: number;

  constructor(
    /**
     * `sign_in_denied` the person said no at Aircall; `sign_in_failed` Aircall reported another error;
     * `sign_in_refused` this app said no (`verify`, `companies`); `sign_in_state` the attempt is unknown, expired or another browser's; `sign_in_callback` the callback address
     * made no sense; `sign_in_prefetch` a browser fetched the callback ahead of the visit; `sign_in_exchange` the token endpoint refused; `sign_in_profile` the company could not be read;
     * `key_refused` Aircall refused an API key; `already_connected` the company of a key has connected before.
     */
    readonly code: SignInErrorCode,
    message: string,
    /** The OAuth error code Aircall named, when it is one that RFC 6749 defines. */
    readonly oauthError: string | null = null,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.status = signInStatus[code];
  }
}
