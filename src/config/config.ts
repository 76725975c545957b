import { ConfigError } from "../errors/errors";
import { conceal } from "./conceal";
import type { SettingsOptions } from "./options";
import {
  readInitiateOAuth,
  readScheme,
  refuseCompanies,
  refuseLocation,
  requireComplete,
  signingIn,
  tokenCounts,
  usesKeptGrant,
} from "./requirements";
import { requireApart, requireCallback, requireCookie, requireSignInPath } from "./sign-in-paths";
import { type Door, gatherSettings, type GivenSettings } from "./sources";
import { type DispatcherLike, kindOf } from "./values";

export type { SettingsOptions } from "./options";

/** Which sign-in routes the library serves, and whether it renews: see docs/guards.md. */
export type InitiateOAuth = "OFF" | "REFRESH" | "GETANDREFRESH";

interface CommonConfig {
  /** Origin and base path of the API, without a trailing slash, e.g. `https://api.aircall.io`. */
  readonly apiUrl: string;
  /** Deadline of one request to Aircall. */
  readonly timeoutMs: number;
  /** Nothing but GETs may be sent. */
  readonly readOnly: boolean;
  /** The caller's own transport, in place of undici. */
  readonly fetch: typeof globalThis.fetch | null;
  /** What undici sends through, in place of connections of our own. */
  readonly dispatcher: DispatcherLike | null;
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
  /** Opens sign-ins that began before the client's secret was changed. */
  readonly previousClientSecret: string | null;
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
  /** The one cookie for all attempts; null for one each, named by the library. */
  readonly attemptCookie: string | null;
  /** Companies allowed to connect; null means any. */
  readonly companies: ReadonlySet<number> | null;
  /** A token obtained elsewhere, for an app that serves one company. */
  readonly staticTokens: StaticTokens | null;
  /** The file with the grant that a client without Express works with; null where it works with another. */
  readonly settingsLocation: string | null;
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

/** Companies that connect with API keys of their own, and nobody by OAuth. */
export interface KeysConfig extends CommonConfig {
  readonly scheme: "Keys";
}

/** Everything the developer told us, complete and frozen. Shown by `inspect` and `toJSON` without its secrets. */
export type Config = BasicConfig | OAuthConfig;

/** A configuration that signing in can work with. */
export type SignInConfig = OAuthConfig & { readonly client: ClientCredentials; readonly callbackUrl: string };

export interface ConfigContext {
  /** Who asks: each needs other settings. */
  readonly door: Door;
  /** Names of options the door has taken out for itself, so that errors can list them. */
  readonly otherOptions?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** The door was handed a store that a grant is kept in. */
  readonly hasGrants?: boolean;
}

/**
 * Turns what the developer set, in code or outside, into one complete value. Writes to nothing it is given.
 * @throws {ConfigError} a setting is missing, misspelled or impossible.
 */
export function readConfig(options: SettingsOptions, context: ConfigContext, { now = Date.now } = {}): Config {
  const { door, hasGrants = false } = context;
  return readGiven(gather(options, context), { door, hasGrants, now });
}

/**
 * {@link readConfig} for an app that has said where grants are kept, and that they are the companies': AuthScheme Basic
 * without a key of its own then means the keys of those.
 */
export function readKeysConfig(options: SettingsOptions, context: ConfigContext): Config | KeysConfig {
  const given = gather(options, context);
  const ownKey = given.has("user") || given.has("password");
  if (!given.has("authScheme") || ownKey || readScheme(given, context.door) !== "Basic") {
    return readGiven(given, { door: context.door, hasGrants: false, now: Date.now });
  }
  refuseCompanies(given);
  return Object.freeze({ scheme: "Keys", ...readCommon(given) });
}

function gather(
  options: SettingsOptions,
  { door, otherOptions = [], env = process.env }: ConfigContext,
): GivenSettings {
  if (kindOf(options) !== "an object") {
    throw new ConfigError(`Options must be an object, such as { connection: "…" }; got ${kindOf(options)}.`);
  }
  const given = gatherSettings(options, { door, otherOptions, env });
  given.read("profile");
  return given;
}

function readGiven(given: GivenSettings, context: OAuthContext): Config {
  return readScheme(given, context.door) === "Basic" ? readBasic(given) : readOAuth(given, context);
}

export function canSignIn(config: Config | KeysConfig): config is SignInConfig {
  return config.scheme === "OAuth" && config.client !== null && config.callbackUrl !== null;
}

function readBasic(given: GivenSettings): BasicConfig {
  refuseCompanies(given);
  given.require(["user", "password"], "Basic signs in with an API ID and an API token.");
  const user = given.read("user")!;
  const password = given.read("password")!;
  return conceal({ scheme: "Basic", ...readCommon(given), user, password }, "password");
}

interface OAuthContext {
  readonly door: Door;
  readonly hasGrants: boolean;
  readonly now: () => number;
}

function readOAuth(given: GivenSettings, { door, hasGrants, now }: OAuthContext): OAuthConfig {
  const initiateOAuth = readInitiateOAuth(given);
  if (door !== "client") refuseLocation(given);
  const isKept = door === "client" && usesKeptGrant(given, hasGrants);
  requireComplete(given, { door, initiateOAuth, isKept });
  if (door === "client") refuseCompanies(given);
  const config = {
    scheme: "OAuth" as const,
    ...readCommon(given),
    client: readClient(given),
    previousClientSecret: given.read("previousClientSecret"),
    initiateOAuth,
    scope: given.read("scope") ?? "public_api",
    authorizeUrl: given.read("authorizeUrl") ?? "https://dashboard.aircall.io/oauth/authorize",
    tokenUrl: given.read("tokenUrl") ?? "https://api.aircall.io/v1/oauth/token",
    tokenRequest: given.read("tokenRequest") ?? "json",
    pkce: given.read("pkce") ?? false,
    issuer: given.read("issuer"),
    skipUserProfile: given.read("skipUserProfile") ?? false,
    ...readRoutes(given, door, initiateOAuth),
    attemptCookie: given.read("attemptCookie"),
    companies: given.read("companies"),
    staticTokens: isKept ? null : readStaticTokens(given, initiateOAuth, now),
    settingsLocation: isKept && !hasGrants ? given.read("oauthSettingsLocation") : null,
  };
  if (config.companies && config.skipUserProfile) throw new ConfigError(companiesUnknown);
  if (config.attemptCookie && config.callbackUrl) requireCookie(config.attemptCookie, config.callbackUrl);
  return conceal(config, "previousClientSecret");
}

const companiesUnknown =
  "companies must know which company signs in, which skipUserProfile leaves out: it would refuse everybody. " +
  "Remove one of them.";

function readRoutes(given: GivenSettings, door: Door, initiateOAuth: InitiateOAuth) {
  const callbackUrl = given.read("callbackUrl");
  const signInPath = given.read("signInPath") ?? "/auth/aircall";
  const callbackPath = given.read("callbackPath") ?? (callbackUrl && new URL(callbackUrl).pathname);
  if (callbackUrl && callbackPath && signingIn(door, initiateOAuth)) {
    requireCallback({ callbackUrl, callbackPath });
    if (door === "middleware") {
      requireSignInPath(signInPath);
      requireApart(callbackPath, signInPath);
    }
  }
  return { callbackUrl, signInPath, callbackPath };
}

function readCommon(given: GivenSettings): CommonConfig {
  if (given.has("fetch") && given.has("dispatcher")) throw new ConfigError(twoWays);
  return {
    apiUrl: given.read("apiUrl") ?? "https://api.aircall.io",
    timeoutMs: given.read("timeoutMs") ?? 30_000,
    readOnly: given.read("readOnly") ?? false,
    fetch: given.read("fetch"),
    dispatcher: given.read("dispatcher"),
  };
}

const twoWays = "fetch and dispatcher both say how requests are sent. Remove one of them.";

function readClient(given: GivenSettings): ClientCredentials | null {
  const id = given.read("oauthClientId");
  const secret = given.read("oauthClientSecret");
  return id === null || secret === null ? null : conceal({ id, secret }, "secret");
}

function readStaticTokens(given: GivenSettings, initiateOAuth: InitiateOAuth, now: () => number): StaticTokens | null {
  const accessToken = given.read("oauthAccessToken");
  if (accessToken === null || !tokenCounts(given, initiateOAuth)) return null;
  const obtainedMs = given.read("oauthTokenTimestamp") ?? now();
  const expiresIn = given.read("oauthExpiresIn");
  return conceal(
    {
      accessToken,
      refreshToken: given.read("oauthRefreshToken"),
      expiresAt: expiresIn === null ? null : new Date(obtainedMs + expiresIn * 1000),
      obtainedAt: new Date(obtainedMs),
    },
    "accessToken",
    "refreshToken",
  );
}
