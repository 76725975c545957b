import type { SignInConfig } from "../config/config";

export interface AuthorizeRequest {
  readonly state: string;
  /** With PKCE: base64url of the verifier's SHA-256. */
  readonly codeChallenge?: string;
  /** Parameters of the application's own; those of the protocol win. */
  readonly extra?: Readonly<Record<string, string>>;
}

/** Where to send the browser to ask for consent. @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1 */
export function authorizeUrl(
  config: Pick<SignInConfig, "authorizeUrl" | "client" | "callbackUrl" | "scope">,
  { state, codeChallenge, extra = {} }: AuthorizeRequest,
): string {
  const url = new URL(config.authorizeUrl);
  const params = {
    ...extra,
    client_id: config.client.id,
    redirect_uri: config.callbackUrl,
    response_type: "code",
    scope: config.scope,
    state,
    ...(codeChallenge && { code_challenge: codeChallenge, code_challenge_method: "S256" }),
  };
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value);
  return url.href;
}
