/** Which sign-in routes the library serves, and whether it renews: see the README's table. */
export type InitiateOAuth = "OFF" | "REFRESH" | "GETANDREFRESH";

interface CommonConfig {
  /** Origin and base path of the API, without a trailing slash, e.g. `https://api.aircall.io`. */
  readonly apiUrl: string;
  /** Deadline of one request to Aircall. */
  readonly timeoutMs: number;
  /** The caller's own transport, in place of undici. */
  readonly fetch: typeof globalThis.fetch | null;
}

/** One company, by its API ID and token. */
export interface BasicConfig extends CommonConfig {
  readonly scheme: "Basic";
  readonly user: string;
  readonly password: string;
}

/** Every company that connects, or one whose token was obtained elsewhere. */
export interface OAuthConfig extends CommonConfig {
  readonly scheme: "OAuth";
  /** Null where nothing that was asked for needs them: `OFF` with a token obtained elsewhere. */
  readonly client: ClientCredentials | null;
  /** Absolute; null only where no sign-in happens. */
  readonly callbackUrl: string | null;
  readonly initiateOAuth: InitiateOAuth;
  readonly scope: string;
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  readonly tokenRequest: "json" | "form";
  readonly pkce: boolean;
  /** When set, `iss` of the callback must equal it (RFC 9207). */
  readonly issuer: string | null;
  readonly skipUserProfile: boolean;
  /** Where signing in begins, relative to where the middleware is mounted, e.g. `/auth/aircall`. */
  readonly signInPath: string;
  /** The path of the callback as this process sees it (`originalUrl`); by default the path of `callbackUrl`. */
  readonly callbackPath: string | null;
  /** Companies allowed to connect; null means any. */
  readonly companies: ReadonlySet<number> | null;
  /** A token obtained elsewhere, for an app that serves one company. */
  readonly staticTokens: StaticTokens | null;
}

export interface ClientCredentials {
  readonly id: string;
  readonly secret: string;
}

export interface StaticTokens {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly expiresAt: Date | null;
  readonly obtainedAt: Date;
}

/** Everything the developer told us, complete and frozen. Shown by `inspect` and `toJSON` without its secrets. */
export type Config = BasicConfig | OAuthConfig;

/** A configuration that signing in can work with. */
export type SignInConfig = OAuthConfig & { readonly client: ClientCredentials; readonly callbackUrl: string };
