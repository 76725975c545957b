import { SignInError } from "../errors/errors";
import { isProgrammingError } from "../errors/programming-error";
import type { SignIn } from "../sign-in/sign-in";

const timeoutMs = 15_000;

type Params = Readonly<Record<string, string>>;
type Callback = (error: Error | null, accessToken?: string, refreshToken?: string, params?: object) => void;

interface GetOAuthAccessToken {
  (codeOrToken: string, callback: Callback): void;
  (codeOrToken: string, params: Params, callback: Callback): void;
}

/**
 * Our token request in the shape of the `oauth` package's `getOAuthAccessToken`. The first parameter is a code, or a
 * refresh token when `grant_type` says so; add-ons for Passport such as passport-oauth2-refresh call it that way.
 */
export function createGetOAuthAccessToken(endpoint: SignIn["endpoint"]): GetOAuthAccessToken {
  return function getOAuthAccessToken(
    codeOrToken: string,
    second: Params | Callback,
    third: Callback = () => undefined,
  ): void {
    const [params, callback] = typeof second === "function" ? [{}, second] : [second, third];
    const { grant_type = "authorization_code", ...rest }: Params = params;
    const named = grant_type === "refresh_token" ? { refresh_token: codeOrToken } : { code: codeOrToken };

    endpoint.request({ ...rest, ...named, grant_type }, timeoutMs).then(
      ({ tokens, raw }) => callback(null, tokens.accessToken, tokens.refreshToken ?? undefined, raw),
      (error: Error) => callback(isProgrammingError(error) ? error : noToken(error)),
    );
  };
}

function noToken({ message }: Error): SignInError {
  return new SignInError("sign_in_exchange", `Aircall gave no token: ${message}`);
}
