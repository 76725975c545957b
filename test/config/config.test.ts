import { Agent as HttpAgent } from "node:http";
import { inspect } from "node:util";
import fc from "fast-check";
import { ProxyAgent } from "undici";
import type { Door } from "../../src/config/sources";
import { readConfig, type SettingsOptions } from "../../src/config/config";
import { refusalIn, refusalOf } from "./refusal";

const app = { oauthClientId: "id", oauthClientSecret: "secret" };

const read = (options: object, env: NodeJS.ProcessEnv = {}) =>
  readConfig(options, { door: "middleware", env }, { now: () => 1_700_000_000_000 });

describe("readConfig, what comes out", () => {
  it("is complete for OAuth, with every default", () => {
    expect(read(app)).toEqual({
      scheme: "OAuth",
      apiUrl: "https://api.aircall.io",
      timeoutMs: 30_000,
      readOnly: false,
      fetch: null,
      dispatcher: null,
      client: { id: "id", secret: "secret" },
      callbackUrl: null,
      initiateOAuth: "REFRESH",
      scope: "public_api",
      authorizeUrl: "https://dashboard.aircall.io/oauth/authorize",
      tokenUrl: "https://api.aircall.io/v1/oauth/token",
      tokenRequest: "json",
      pkce: false,
      issuer: null,
      previousClientSecret: null,
      skipUserProfile: false,
      signInPath: "/auth/aircall",
      callbackPath: null,
      attemptCookie: null,
      companies: null,
      settingsLocation: null,
      staticTokens: null,
    });
  });

  it.each([
    [{ timeoutMs: 250 }, { timeoutMs: 250 }],
    [{ timeoutMs: 0.5 }, { timeoutMs: 1 }],
    [{ connection: "Timeout=2" }, { timeoutMs: 2000 }],
    [{ apiUrl: "https://api.example/base/" }, { apiUrl: "https://api.example/base" }],
    [{ apiUrl: "http://127.0.0.1:4000" }, { apiUrl: "http://127.0.0.1:4000" }],
    [{ callbackUrl: "https://a.example/x/back?y=1" }, { callbackPath: "/x/back" }],
    [{ callbackUrl: "https://a.example" }, { callbackUrl: "https://a.example", callbackPath: "/" }],
    [{ callbackUrl: "https://a.example/x/back", callbackPath: "/back" }, { callbackPath: "/back" }],
    [{ tokenRequest: "form" }, { tokenRequest: "form" }],
    [
      { pkce: true, skipUserProfile: true },
      { pkce: true, skipUserProfile: true },
    ],
    [{ issuer: "https://id.example" }, { issuer: "https://id.example" }],
    [{ signInPath: "/connect" }, { signInPath: "/connect" }],
    [{ companies: [7, 7, 8] }, { companies: new Set([7, 8]) }],
    [{ companies: ["7", 8n] }, { companies: new Set([7, 8]) }],
    [{ fetch: globalThis.fetch }, { fetch: globalThis.fetch }],
    [{ profile: "AirCall.apip", scope: "a b" }, { scope: "a b" }],
    [{ initiateOAuth: "refresh" }, { initiateOAuth: "REFRESH" }],
  ])("reads %j", (options, part) => {
    expect(read({ ...app, ...options })).toMatchObject(part);
  });

  it.each([
    [{ oauthExpiresIn: 60 }, new Date(1_700_000_000_000), new Date(1_700_000_060_000)],
    [{ oauthExpiresIn: 60, oauthTokenTimestamp: 1_000_000_000_000 }, new Date(1e12), new Date(1_000_000_060_000)],
    [{ connection: "OAuthExpiresIn=60;OAuthTokenTimestamp=1000" }, new Date(1000), new Date(61_000)],
    [{}, new Date(1_700_000_000_000), null],
  ])("counts the life of a token from its timestamp: %j", (options, obtainedAt, expiresAt) => {
    expect(read({ ...app, oauthAccessToken: "t", oauthRefreshToken: "r", ...options })).toMatchObject({
      staticTokens: { accessToken: "t", refreshToken: "r", obtainedAt, expiresAt },
    });
  });

  it("leaves the caller's dispatcher alone, and shows nothing of it", () => {
    const dispatcher = new ProxyAgent("http://user:s3nt1nel@127.0.0.1:9");
    const config = read({ ...app, dispatcher });
    expect(config.dispatcher).toBe(dispatcher);
    expect(Object.isFrozen(dispatcher)).toBe(false);
    expect(JSON.stringify(config)).toContain('"[ProxyAgent]"');
    expect(inspect(config, { depth: 9 })).not.toContain("s3nt1nel");
  });

  it("is frozen all the way down, and leaves the caller's fetch alone", () => {
    const fetch: typeof globalThis.fetch = () => Promise.reject(new Error("unused"));
    const config = read({ ...app, oauthAccessToken: "t", oauthExpiresIn: 60, companies: [1], fetch });
    const values = (held: object): object[] => [held, ...Object.values(held).filter(isObject).flatMap(values)];
    expect(values(config)).toHaveLength(6);
    expect(values(config).filter((held) => !Object.isFrozen(held))).toEqual([]);
    expect(Object.isFrozen(fetch)).toBe(false);
  });
});

describe("readConfig, URLs", () => {
  it.each([
    "https://a.example/back",
    "http://localhost:3000/back",
    "http://127.0.0.1/back",
    "http://127.8.9.10/back",
    "http://[::1]:3000/back",
    "HTTPS://a.example:8443/back",
  ])("accepts %s", (callbackUrl) => {
    expect(read({ ...app, callbackUrl })).toMatchObject({ callbackUrl });
  });

  it.each([
    ["your_callback_url", "is not a URL"],
    ["/back", "is not a URL"],
    ["https:a.example", "is not a URL"],
    ["https:///back", "is not a URL"],
    ["https://a.example\\back", "is not a URL"],
    ["https://a.example/back ", "is not a URL"],
    ["https://a.example:99999/", "is not a URL"],
    ["ftp://a.example/back", "must begin with https://"],
    ["javascript://a.example/%0aalert(1)", "must begin with https://"],
    ["http://a.example/back", "must use https"],
    ["http://localhost.a.example/back", "must use https"],
    ["http://127.0.0.1.a.example/back", "must use https"],
    ["http://0.0.0.0/back", "must use https"],
    ["http://[::2]/back", "must use https"],
    ["https://me@a.example/back", "must not hold a user name"],
    ["https://:hunter2@a.example/back", "must not hold a user name"],
    ["https://a.example/back#top", "must not have a fragment"],
    ["https://a.example/back#", "must not have a fragment"],
    ["https://a.example/\nback", "holds a line break"],
    ["", "is empty"],
  ])("refuses %j", (callbackUrl, message) => {
    const refusal = refusalOf(() => read({ ...app, callbackUrl }));
    expect(refusal.message).toContain(`CallbackURL (option callbackUrl) ${message}`);
    expect(refusal.message).not.toContain("hunter2");
  });

  it.each([
    [{}, { AIRCALL_CALLBACK_URL: "nowhere" }, "AIRCALL_CALLBACK_URL is not a URL"],
    [{ connection: "CallbackUrl=nowhere" }, {}, "CallbackURL (option connection) is not a URL"],
    [{}, { AIRCALL_CONNECTION: "CallbackUrl=nowhere" }, "CallbackURL (AIRCALL_CONNECTION) is not a URL"],
    [{ apiUrl: "http://a.example" }, {}, "option apiUrl must use https"],
    [{ authorizeUrl: "http://a.example" }, {}, "option authorizeUrl must use https"],
    [{}, { AIRCALL_TOKEN_URL: "http://a.example" }, "AIRCALL_TOKEN_URL must use https"],
    [{ apiUrl: "https://a.example/?x=1" }, {}, "option apiUrl must not have a query or a fragment"],
    [{ apiUrl: "https://api.aircall.io/v1" }, {}, "option apiUrl must not end in /v1"],
    [{ apiUrl: "https://a.example/base/V2//" }, {}, "option apiUrl must not end in /V2"],
    [{ apiUrl: "https://a.example/?" }, {}, "option apiUrl must not have a query or a fragment"],
  ])("names what was set as its source does: %j %j", (options, env, message) => {
    expect(refusalOf(() => read({ ...app, ...options }, env)).message).toContain(message);
  });

  it("lets the issue's OAuth sample through to its placeholder URL", () => {
    const connection =
      "Profile=C:\\profiles\\AirCall.apip;Authscheme=OAuth;InitiateOAuth=GETANDREFRESH;" +
      "OAuthClientId=your_client_id;OAuthClientSecret=your_client_secret;CallbackUrl=your_callback_url;";
    expect(refusalOf(() => read({ connection })).message).toContain("CallbackURL (option connection) is not a URL");
  });
});

describe("readConfig, values it refuses", () => {
  const basic = { user: "id", password: "token", authScheme: "Basic" };
  const oauth = { ...app, oauthAccessToken: "t", authScheme: "OAuth" };

  it.each([
    [{ ...basic, user: "a:b" }, 'User (option user) must not contain ":"'],
    [{ ...basic, user: "a\nb" }, "User (option user) holds a line break"],
    [{ ...basic, user: "" }, "User (option user) is empty"],
    [{ ...basic, user: null }, "User (option user) must be text; got null"],
    [{ ...basic, password: "a\r\nb" }, "Password (option password) holds a line break"],
    [{ ...basic, password: "a\0b" }, "Password (option password) holds"],
    [{ ...basic, password: 12345678 }, "Password (option password) must be text; got a number"],
    [{ ...oauth, oauthClientId: "a\x7f" }, "OAuthClientId (option oauthClientId) holds"],
    [{ ...oauth, oauthClientSecret: "a\n" }, "OAuthClientSecret (option oauthClientSecret) holds"],
    [{ ...oauth, oauthClientSecret: "a\ud800" }, "OAuthClientSecret (option oauthClientSecret) holds"],
    [{ ...oauth, oauthAccessToken: "a\n" }, "OAuthAccessToken (option oauthAccessToken) holds"],
    [{ ...oauth, oauthAccessToken: "a b" }, "OAuthAccessToken (option oauthAccessToken) holds a blank"],
    [{ ...oauth, oauthAccessToken: "é" }, "OAuthAccessToken (option oauthAccessToken) holds a blank or a letter"],
    [{ ...oauth, oauthRefreshToken: "a\n" }, "OAuthRefreshToken (option oauthRefreshToken) holds"],
    [{ ...oauth, scope: "a\nb" }, "Scope (option scope) holds"],
    [{ ...oauth, scope: ["public_api"] }, "Scope (option scope) must be text; got an array"],
    [{ ...oauth, issuer: "" }, "option issuer is empty"],
    [{ ...oauth, oauthExpiresIn: 0 }, "OAuthExpiresIn (option oauthExpiresIn) must be a number of seconds, above 0"],
    [{ ...oauth, oauthExpiresIn: Infinity }, "got Infinity"],
    [{ ...oauth, oauthExpiresIn: 1e12 }, "at most 10000000000"],
    [
      { ...oauth, connection: "OAuthExpiresIn=1h" },
      'must be a number of seconds, above 0 and at most 10000000000; got "1h"',
    ],
    [{ ...oauth, connection: "OAuthExpiresIn=-1" }, "OAuthExpiresIn (option connection) must be a number"],
    [{ ...oauth, connection: "OAuthTokenTimestamp=2026-01-01" }, "must be a number of milliseconds since 1970"],
    [{ ...oauth, oauthTokenTimestamp: NaN }, "must be a number of milliseconds since 1970"],
    [{ ...basic, timeoutMs: 0 }, "Timeout (option timeoutMs) must be a number of milliseconds, above 0"],
    [{ ...basic, timeoutMs: 2 ** 31 }, "at most 2147483647; got 2147483648"],
    [{ ...basic, timeoutMs: "soon" }, 'got "soon"'],
    [{ ...basic, timeoutMs: {} }, "got an object"],
    [{ ...basic, connection: "Timeout=2147484" }, "Timeout (option connection) must be a number of seconds"],
    [{ ...basic, authScheme: "Digest" }, 'AuthScheme (option authScheme) must be Basic or OAuth; got "Digest"'],
    [{ ...basic, authScheme: "x".repeat(31) }, "must be Basic or OAuth; got text"],
    [{ ...oauth, initiateOAuth: true }, "must be OFF, REFRESH or GETANDREFRESH; got true"],
    [{ ...oauth, tokenRequest: "xml" }, 'option tokenRequest must be json or form; got "xml"'],
    [{ ...oauth, pkce: "yes" }, 'option pkce must be true or false; got "yes"'],
    [{ ...oauth, skipUserProfile: null }, "option skipUserProfile must be true or false; got null"],
    [{ ...oauth, fetch: {} }, "option fetch must be a function like the global fetch; got an object"],
    [{ ...oauth, dispatcher: {} }, "option dispatcher must be a dispatcher of undici's, such as new ProxyAgent(url)"],
    [{ ...oauth, dispatcher: new HttpAgent() }, "Where undici has none, as in Bun, give fetch."],
    [{ ...oauth, dispatcher: { dispatch: () => true }, fetch }, "fetch and dispatcher both say how requests are sent."],
    [{ ...oauth, profile: "C:\\Slack.apip" }, "Profile (option profile) names another product"],
    [{ ...oauth, profile: "C:\\NotAirCall.apip" }, "Profile (option profile) names another product"],
    [{ ...oauth, companies: [] }, "option companies must list at least one"],
    [{ ...oauth, companies: 7 }, "option companies must list at least one"],
    [{ ...oauth, companies: [0] }, "option companies, [0], is no Aircall company id"],
    [{ ...oauth, companies: [1, 1.5] }, "option companies, [1], is no Aircall company id"],
    [{ ...oauth, companies: ["seven"] }, "option companies, [0], is no Aircall company id"],
    [{ ...oauth, companies: [{ ref: "7" }] }, "option companies, [0], takes Aircall's own company id"],
    // oxlint-disable-next-line no-sparse-arrays -- the hole is the case
    [{ ...oauth, companies: [1, , 2] }, "option companies, [1], is no Aircall company id"],
    [{ ...oauth, attemptCookie: "" }, "option attemptCookie must be the name of a cookie"],
    [{ ...oauth, attemptCookie: "a b" }, "option attemptCookie must be the name of a cookie"],
    [{ ...oauth, attemptCookie: "a;b" }, "option attemptCookie must be the name of a cookie"],
    [{ ...oauth, attemptCookie: "a=b" }, "option attemptCookie must be the name of a cookie"],
    [{ ...oauth, attemptCookie: "é" }, "option attemptCookie must be the name of a cookie"],
    [{ ...oauth, attemptCookie: 7 }, "option attemptCookie must be the name of a cookie"],
    [{ ...oauth, signInPath: "auth" }, "option signInPath must be a path"],
    [{ ...oauth, signInPath: "//evil.example" }, "option signInPath must be a path"],
    [{ ...oauth, signInPath: "/\\evil.example" }, "option signInPath must be a path"],
    [{ ...oauth, signInPath: "/auth?x" }, "option signInPath must be a path"],
    [{ ...oauth, signInPath: "/auth#x" }, "option signInPath must be a path"],
    [{ ...oauth, signInPath: "/a/../b" }, "option signInPath must be a path"],
    [{ ...oauth, signInPath: "/auth/" }, 'option signInPath must not end in "/"'],
    [{ ...oauth, signInPath: "/" }, 'option signInPath must not end in "/"'],
    [{ ...oauth, callbackPath: "back" }, "option callbackPath must be a path"],
  ])("refuses %j", (options, message) => {
    expect(refusalOf(() => read(options)).message).toContain(message);
  });

  it("throws nothing but ConfigError, whatever the options", () => {
    const value = fc.oneof(fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true }), fc.string());
    const keys = [...Object.keys(optionSamples), "connection", "clientID", "clientSecret", "callbackURL"];
    const options = fc.oneof(
      fc.record(Object.fromEntries(keys.map((key) => [key, fc.option(value, { nil: undefined })])), {
        requiredKeys: [],
      }),
      fc
        .subarray(Object.entries(optionSamples))
        .chain((kept) => value.map((odd) => ({ ...Object.fromEntries(kept), [kept[0]?.[0] ?? "scope"]: odd }))),
      fc.anything(),
    );
    fc.assert(
      fc.property(options, fc.constantFrom<Door>("middleware", "strategy", "client"), (options, door) => {
        refusalIn(() => readConfig(options as SettingsOptions, { door, env: {} }));
      }),
      { numRuns: 1000 },
    );
  });
});

/** One acceptable value per option. */
const optionSamples = {
  authScheme: "OAuth",
  user: "id",
  password: "token",
  ...app,
  callbackUrl: "https://a.example/back",
  initiateOAuth: "REFRESH",
  oauthAccessToken: "t",
  oauthRefreshToken: "r",
  oauthExpiresIn: 60,
  oauthTokenTimestamp: 1,
  scope: "public_api",
  profile: "AirCall.apip",
  timeoutMs: 1,
  apiUrl: "https://a.example",
  authorizeUrl: "https://a.example",
  tokenUrl: "https://a.example",
  tokenRequest: "json",
  pkce: true,
  issuer: "https://a.example",
  skipUserProfile: false,
  signInPath: "/a",
  callbackPath: "/b",
  previousClientSecret: "s",
  attemptCookie: "__session",
  companies: [1],
  fetch: globalThis.fetch,
  dispatcher: { dispatch: () => true },
};

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
