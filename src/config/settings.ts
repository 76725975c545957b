import { companyIds } from "./company-id";
import { baseUrl, endpointUrl, requestPath, routePath } from "./urls";
import {
  basicUser,
  bearerToken,
  cookieName,
  dispatcher,
  fetchFunction,
  flag,
  oneOf,
  positive,
  profile,
  type Reader,
  text,
  timeout,
} from "./values";

export interface Setting {
  /** Its name in a connection string. */
  readonly property: string | null;
  readonly variable: string | null;
  /** Has only a few possible values, so a connection string with another one is refused at once. */
  readonly closed?: true;
  readonly secret?: true;
  readonly read: Reader<unknown>;
}

const mostSeconds = 1e10;
const latestEpochMs = 8e15;

/** Every setting by its option's name: what else it is called, and how it is read. */
export const settings = {
  authScheme: {
    property: "AuthScheme",
    variable: "AIRCALL_AUTH_SCHEME",
    closed: true,
    read: oneOf("Basic", "OAuth"),
  },
  user: { property: "User", variable: "AIRCALL_API_ID", read: basicUser },
  password: { property: "Password", variable: "AIRCALL_API_TOKEN", secret: true, read: text },
  oauthClientId: { property: "OAuthClientId", variable: "AIRCALL_CLIENT_ID", read: text },
  oauthClientSecret: {
    property: "OAuthClientSecret",
    variable: "AIRCALL_CLIENT_SECRET",
    secret: true,
    read: text,
  },
  previousClientSecret: { property: null, variable: "AIRCALL_PREVIOUS_CLIENT_SECRET", secret: true, read: text },
  callbackUrl: { property: "CallbackURL", variable: "AIRCALL_CALLBACK_URL", read: endpointUrl },
  initiateOAuth: {
    property: "InitiateOAuth",
    variable: "AIRCALL_INITIATE_OAUTH",
    closed: true,
    read: oneOf("OFF", "REFRESH", "GETANDREFRESH"),
  },
  oauthAccessToken: { property: "OAuthAccessToken", variable: null, secret: true, read: bearerToken },
  oauthRefreshToken: { property: "OAuthRefreshToken", variable: null, secret: true, read: text },
  oauthExpiresIn: { property: "OAuthExpiresIn", variable: null, read: positive("seconds", mostSeconds) },
  oauthTokenTimestamp: {
    property: "OAuthTokenTimestamp",
    variable: null,
    read: positive("milliseconds since 1970", latestEpochMs),
  },
  oauthSettingsLocation: {
    property: "OAuthSettingsLocation",
    variable: "AIRCALL_OAUTH_SETTINGS_LOCATION",
    read: text,
  },
  scope: { property: "Scope", variable: null, read: text },
  profile: { property: "Profile", variable: null, closed: true, read: profile },
  timeoutMs: { property: "Timeout", variable: null, read: timeout },
  apiUrl: { property: null, variable: "AIRCALL_API_URL", read: baseUrl },
  authorizeUrl: { property: null, variable: "AIRCALL_AUTHORIZE_URL", read: endpointUrl },
  tokenUrl: { property: null, variable: "AIRCALL_TOKEN_URL", read: endpointUrl },
  tokenRequest: { property: null, variable: null, read: oneOf("json", "form") },
  pkce: { property: null, variable: null, read: flag },
  issuer: { property: null, variable: null, read: text },
  skipUserProfile: { property: null, variable: null, read: flag },
  signInPath: { property: null, variable: null, read: routePath },
  callbackPath: { property: null, variable: null, read: requestPath },
  attemptCookie: { property: null, variable: null, read: cookieName },
  companies: { property: null, variable: null, read: companyIds },
  readOnly: { property: null, variable: null, read: flag },
  fetch: { property: null, variable: null, read: fetchFunction },
  dispatcher: { property: null, variable: null, read: dispatcher },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;

export type SettingValue<Name extends SettingName> = ReturnType<(typeof settings)[Name]["read"]>;

export const settingNames = Object.keys(settings).filter(isSettingName);

function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(settings, name);
}

/** The names Passport's other strategies taught people; {@link settings} comes first where both are given. */
export const passportNames: ReadonlyMap<string, SettingName> = new Map([
  ["clientID", "oauthClientId"],
  ["clientSecret", "oauthClientSecret"],
  ["callbackURL", "callbackUrl"],
]);
