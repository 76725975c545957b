import type { CompanyId } from "./company-id";
import type { DispatcherLike } from "./values";

/**
 * The settings every door takes. Each may also stand in a connection string or, where named, in an environment
 * variable; the first that has a value counts: the option, `connection`, the variable, `AIRCALL_CONNECTION`.
 */
export interface SettingsOptions {
  /** Several settings as one text, such as `User=my_api_id;Password=my_api_token;`. Variable `AIRCALL_CONNECTION`. */
  connection?: string | undefined;
  /**
   * `Basic` for one company's API key, `OAuth` for companies that connect. Default: what `user` or `oauthClientId`
   * imply. Variable `AIRCALL_AUTH_SCHEME`.
   */
  authScheme?: "Basic" | "OAuth" | undefined;
  /** The API ID (Basic). Variable `AIRCALL_API_ID`. */
  user?: string | undefined;
  /** The API token (Basic). Variable `AIRCALL_API_TOKEN`. */
  password?: string | undefined;
  /** Your app's id at Aircall (OAuth). Variable `AIRCALL_CLIENT_ID`. */
  oauthClientId?: string | undefined;
  /** Your app's secret (OAuth). Variable `AIRCALL_CLIENT_SECRET`. */
  oauthClientSecret?: string | undefined;
  /**
   * The secret before `oauthClientSecret`: sign-ins that began before the change still succeed. Remove it ten minutes
   * after the last process has the new one. Variable `AIRCALL_PREVIOUS_CLIENT_SECRET`.
   */
  previousClientSecret?: string | undefined;
  /**
   * Where Aircall sends people back, absolute and exactly as registered there; its path is the callback route.
   * https, or http on localhost. Variable `AIRCALL_CALLBACK_URL`.
   */
  callbackUrl?: string | undefined;
  /** Passport's name for `oauthClientId`; `AircallStrategy` only. */
  clientID?: string | undefined;
  /** Passport's name for `oauthClientSecret`; `AircallStrategy` only. */
  clientSecret?: string | undefined;
  /** Passport's name for `callbackUrl`; `AircallStrategy` only. */
  callbackURL?: string | undefined;
  /**
   * `OFF`: no sign-in routes, no renewal. `REFRESH` (default): renewal; your Passport routes sign people in.
   * `GETANDREFRESH`: renewal and the library's own sign-in routes. Variable `AIRCALL_INITIATE_OAUTH`.
   */
  initiateOAuth?: "OFF" | "REFRESH" | "GETANDREFRESH" | undefined;
  /** A token obtained elsewhere, for an app that serves one company. */
  oauthAccessToken?: string | undefined;
  /** Renews `oauthAccessToken`; needs the client's id and secret, except with `OFF`. */
  oauthRefreshToken?: string | undefined;
  /** Life of `oauthAccessToken` in seconds, counted from `oauthTokenTimestamp`. Default: unknown. */
  oauthExpiresIn?: number | undefined;
  /** When `oauthAccessToken` was obtained, in milliseconds since 1970. Default: now. */
  oauthTokenTimestamp?: number | undefined;
  /**
   * Where `createAircallClient()` finds the grant that `npx express-aircall login` has kept: a file, or `memory://` for
   * nowhere but in this process. Variable `AIRCALL_OAUTH_SETTINGS_LOCATION`.
   */
  oauthSettingsLocation?: string | undefined;
  /** What to ask Aircall for, separated by blanks. Default `public_api`. */
  scope?: string | undefined;
  /** A data source's profile file; accepted when it names AirCall, and then ignored. */
  profile?: string | undefined;
  /** Deadline of one request to Aircall, in milliseconds. Default 30,000. The property `Timeout` is in seconds. */
  timeoutMs?: number | undefined;
  /** Where the API answers. Default `https://api.aircall.io`. Variable `AIRCALL_API_URL`. */
  apiUrl?: string | undefined;
  /** Aircall's consent page. Default `https://dashboard.aircall.io/oauth/authorize`. Variable `AIRCALL_AUTHORIZE_URL`. */
  authorizeUrl?: string | undefined;
  /** Where codes become tokens. Default `https://api.aircall.io/v1/oauth/token`. Variable `AIRCALL_TOKEN_URL`. */
  tokenUrl?: string | undefined;
  /** How the token request is written. Default `json`, as Aircall documents it. */
  tokenRequest?: "json" | "form" | undefined;
  /** Proof key for the code (RFC 7636, S256). Default false: Aircall does not document it. */
  pkce?: boolean | undefined;
  /** When set, the callback's `iss` must equal it (RFC 9207). Default: not checked. */
  issuer?: string | undefined;
  /** Sign in without asking Aircall which company it is. Default false. */
  skipUserProfile?: boolean | undefined;
  /** Where signing in begins, relative to where the middleware is mounted. Default `/auth/aircall`. */
  signInPath?: string | undefined;
  /** The callback's path as this process sees it, behind a proxy that strips a prefix. Default: that of `callbackUrl`. */
  callbackPath?: string | undefined;
  /**
   * Keeps the attempts to sign in in one cookie of this name, for hosts that pass no other, such as `__session` on
   * Firebase. Where the session's cookie has that name too, attempts lie in the session: then a visit that only begins
   * to sign in leaves a session, and of several begun in the same moment some fail. Default: a cookie for each attempt.
   */
  attemptCookie?: string | undefined;
  /** Aircall company ids allowed to connect, at least one. Default: any company. */
  companies?: readonly CompanyId[] | undefined;
  /** Sends nothing but GET requests; everything else is a ConfigError. Default false. */
  readOnly?: boolean | undefined;
  /**
   * Sends every request to Aircall in place of undici. Default: undici, over connections that all clients of the process
   * share; or the global `fetch` where that is not Node's own, as with MSW, nock, Bun and Deno.
   */
  fetch?: typeof globalThis.fetch | undefined;
  /**
   * A dispatcher of undici's, of any version from 5: `new ProxyAgent(url)`, `new MockAgent()`, `new Agent({ connect })`.
   * Yours to close. Default: what `setGlobalDispatcher` has set, the environment's proxy with `NODE_USE_ENV_PROXY` where
   * this Node knows it, else none.
   */
  dispatcher?: DispatcherLike | undefined;
}
