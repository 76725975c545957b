import type { Request } from "express";
import type { SignInConfig } from "../config/config";
import { SignInError } from "../errors/errors";
import { pathKeyOf, targetOf } from "./request-target";

const parameters = ["code", "state", "error", "iss"] as const;

/** Error codes an authorization server may send back (RFC 6749, section 4.1.2.1). */
const knownErrors = new Set([
  "invalid_request",
  "unauthorized_client",
  "access_denied",
  "unsupported_response_type",
  "invalid_scope",
  "server_error",
  "temporarily_unavailable",
]);

/** What came back from Aircall's consent page: exactly one of `code` and `error`. */
export interface Callback {
  readonly state: string;
  readonly code: string | null;
  /** A known code, or `unknown`; the text beside it is never read. */
  readonly error: string | null;
  readonly iss: string | null;
}

/** Whether this request is Aircall sending the browser back, as against someone about to sign in. */
export function isCallback(req: Request, config: SignInConfig): boolean {
  const { path, query } = targetOf(req.originalUrl);
  const keyOf = pathKeyOf(req);
  if (config.callbackPath !== null && keyOf(path) === keyOf(config.callbackPath)) return true;
  const answer = new URLSearchParams(query);
  return answer.has("state") && (answer.has("code") || answer.has("error"));
}

/** @throws {SignInError} `sign_in_callback` when the address is nothing an authorization server sends. */
export function readCallback(originalUrl: string): Callback {
  const query = new URLSearchParams(targetOf(originalUrl).query);
  for (const name of query.keys()) {
    const [bare] = name.split("[", 1);
    const repeated = query.getAll(name).length > 1;
    if (parameters.some((one) => one === bare) && (name !== bare || repeated)) throw malformed(`"${bare}" is repeated`);
  }

  const [code, state] = [query.get("code"), query.get("state")];
  const [error, iss] = [query.get("error"), query.get("iss")];
  if (code === null && error === null) throw malformed('it carries neither "code" nor "error"');
  if (code !== null && error !== null) throw malformed('it carries both "code" and "error"');
  if (error === "") throw malformed('its "error" is empty');
  if (code !== null && !/^[\x20-\x7e]{1,2048}$/.test(code)) throw malformed('its "code" is not one');
  if (!state) throw new SignInError("sign_in_state", 'The sign-in answer carries no "state". Begin again.');
  return { state, code, error: error === null ? null : knownErrors.has(error) ? error : "unknown", iss };
}

function malformed(reason: string): SignInError {
  return new SignInError("sign_in_callback", `This is not an answer from Aircall: ${reason}. Begin signing in again.`);
}
