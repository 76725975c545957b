import { propertyOf } from "../errors/property";
import { type Way, wordsFor } from "../http/transport/unreachable";

/** The codes RFC 6749 section 5.2 gives a token endpoint to say no with. */
const oauthErrors = [
  "invalid_request",
  "invalid_client",
  "invalid_grant",
  "unauthorized_client",
  "unsupported_grant_type",
  "invalid_scope",
] as const;

export type OAuthErrorCode = (typeof oauthErrors)[number];

interface RefusalFacts {
  /**
   * `refused` the server understood and said no; `unavailable` it was not reached, too busy or too slow;
   * `malformed` what came back was no token answer.
   */
  readonly kind: "refused" | "unavailable" | "malformed";
  /** Null when there was no answer. */
  readonly status: number | null;
  /** Null when the server named none that RFC 6749 defines. */
  readonly oauthError: OAuthErrorCode | null;
  /** The server may have given out tokens that never reached us. */
  readonly lost: boolean;
}

/**
 * The token endpoint gave no tokens. Holds nothing of the request and of the answer only its status and a known code,
 * because servers repeat in an error what they were sent. Wrapped before it leaves the library.
 */
export class TokenRefusal extends Error implements RefusalFacts {
  override readonly name = "TokenRefusal";
  readonly kind: RefusalFacts["kind"];
  readonly status: number | null;
  readonly oauthError: OAuthErrorCode | null;
  readonly lost: boolean;

  /** `reason` ends a sentence such as "could not be renewed: …". */
  constructor(reason: string, { kind, status, oauthError, lost }: RefusalFacts) {
    super(reason);
    this.kind = kind;
    this.status = status;
    this.oauthError = oauthError;
    this.lost = lost;
  }
}

/** The `error` of an answer, when it is a code that may be shown. */
export function readOAuthError(answer: Readonly<Record<string, unknown>>): OAuthErrorCode | null {
  const named = Object.hasOwn(answer, "error") ? answer["error"] : null;
  return oauthErrors.find((code) => code === named) ?? null;
}

/** What an answer without usable tokens amounts to. */
export function refusalOf(status: number, oauthError: OAuthErrorCode | null): TokenRefusal {
  const shown = oauthError ? `${status} ${oauthError}` : `${status}`;
  if (status >= 500) return refusal("unavailable", { lost: true }, `the token endpoint failed (${shown}).`);
  if (status === 429 || status === 408)
    return refusal("unavailable", { lost: false }, `the token endpoint is busy (${shown}).`);
  if (status >= 400 || oauthError) {
    return refusal("refused", { lost: false }, `the token endpoint refused (${shown}).${adviceOn(status, oauthError)}`);
  }
  if (status >= 300)
    return refusal("malformed", { lost: false }, `the token endpoint redirects (${shown}), which is not followed.`);
  return refusal("malformed", { lost: true }, `the token endpoint's answer holds no usable token (${shown}).`);

  function refusal(kind: RefusalFacts["kind"], { lost }: Pick<RefusalFacts, "lost">, reason: string) {
    return new TokenRefusal(reason, { kind, status, oauthError, lost });
  }
}

function adviceOn(status: number, oauthError: OAuthErrorCode | null): string {
  if (oauthError === "invalid_client" || (status === 401 && !oauthError)) {
    return (
      " Aircall does not know this client: check OAuthClientSecret (option oauthClientSecret, variable AIRCALL_CLIENT_SECRET), " +
      "then OAuthClientId."
    );
  }
  return "";
}

export function timedOut(timeoutMs: number): TokenRefusal {
  return noAnswer(`the token endpoint did not answer within ${timeoutMs / 1000} s.`, { lost: true });
}

/** The request, or the answer to it, broke on the way. */
export function unreachable(error: unknown, way: Way): TokenRefusal {
  const code = networkCode(error);
  const reason = `the token endpoint at ${wordsFor(way)} could not be reached${code ? ` (${code})` : ""}.`;
  return noAnswer(reason, { lost: !neverSent.includes(code ?? "") });
}

function noAnswer(reason: string, { lost }: Pick<RefusalFacts, "lost">): TokenRefusal {
  return new TokenRefusal(reason, { kind: "unavailable", status: null, oauthError: null, lost });
}

/** Failures that come before the first byte of a request is sent. */
const neverSent = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT"];

/** `fetch` hides the code one level down. */
function networkCode(error: unknown): string | null {
  const named = propertyOf(error, "code") ?? propertyOf(propertyOf(error, "cause"), "code");
  return typeof named === "string" && /^[A-Z][A-Z0-9_]{2,40}$/.test(named) ? named : null;
}
