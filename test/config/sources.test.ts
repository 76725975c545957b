import { type Config, readConfig, type SettingsOptions } from "../../src/config/config";
import { refusalOf } from "./refusal";

const middleware = (options: SettingsOptions, env: NodeJS.ProcessEnv = {}) =>
  readConfig(options, { door: "middleware", otherOptions: ["grants", "verify"], env });

const userOf = (config: Config) => (config.scheme === "Basic" ? config.user : null);

describe("readConfig, where settings come from", () => {
  const option = { user: "from option" };
  const connection = { connection: "User=from connection;Password=p" };
  const variable = { AIRCALL_API_ID: "from variable" };
  const connectionVariable = { AIRCALL_CONNECTION: "User=from AIRCALL_CONNECTION;Password=p" };

  it.each<[string, SettingsOptions, NodeJS.ProcessEnv]>([
    ["from option", { ...option, ...connection }, { ...variable, ...connectionVariable }],
    ["from connection", connection, { ...variable, ...connectionVariable }],
    ["from variable", {}, { ...variable, ...connectionVariable }],
    ["from AIRCALL_CONNECTION", {}, connectionVariable],
    ["from variable", { user: undefined, connection: undefined }, { ...variable, ...connectionVariable }],
    ["from variable", { connection: "User=;Password=p" }, variable],
    ["from variable", { connection: "", password: "p" }, variable],
    ["from AIRCALL_CONNECTION", {}, { AIRCALL_API_ID: "", ...connectionVariable }],
    ["from connection", connection, { AIRCALL_CONNECTION: "" }],
  ])("takes the first that has a value: %s", (user, options, env) => {
    expect(userOf(middleware(options, env))).toBe(user);
  });

  it("puts one configuration together from all four", () => {
    const env = { AIRCALL_API_TOKEN: "token", AIRCALL_CONNECTION: "User=id;Timeout=5" };
    const config = middleware({ apiUrl: "https://one.example", connection: "Timeout=7" }, env);
    expect(config).toEqual({
      scheme: "Basic",
      user: "id",
      password: "token",
      timeoutMs: 7000,
      apiUrl: "https://one.example",
      readOnly: false,
      fetch: null,
      dispatcher: null,
    });
  });

  it("reads every documented variable", () => {
    const config = middleware(
      {},
      {
        AIRCALL_AUTH_SCHEME: "oauth",
        AIRCALL_API_ID: "ignored",
        AIRCALL_CLIENT_ID: "id",
        AIRCALL_CLIENT_SECRET: "secret",
        AIRCALL_PREVIOUS_CLIENT_SECRET: "older",
        AIRCALL_CALLBACK_URL: "https://app.example/back",
        AIRCALL_INITIATE_OAUTH: "getandrefresh",
        AIRCALL_API_URL: "https://api.example",
        AIRCALL_AUTHORIZE_URL: "https://consent.example/authorize",
        AIRCALL_TOKEN_URL: "https://api.example/token",
      },
    );
    expect(config).toMatchObject({
      scheme: "OAuth",
      client: { id: "id", secret: "secret" },
      previousClientSecret: "older",
      callbackUrl: "https://app.example/back",
      initiateOAuth: "GETANDREFRESH",
      apiUrl: "https://api.example",
      authorizeUrl: "https://consent.example/authorize",
      tokenUrl: "https://api.example/token",
    });
  });

  it("looks into the environment of the process by default", () => {
    process.env["AIRCALL_CONNECTION"] = "User=from process.env;Password=p";
    try {
      expect(userOf(readConfig({}, { door: "middleware" }))).toBe("from process.env");
    } finally {
      delete process.env["AIRCALL_CONNECTION"];
    }
  });

  it("takes Passport's names in the strategy, and its own names before them", () => {
    const passport = { clientID: "theirs", clientSecret: "s", callbackURL: "https://app.example/back" };
    const options = { oauthClientId: "ours", ...passport };
    expect(readConfig(options, { door: "strategy", env: {} })).toMatchObject({
      client: { id: "ours", secret: "s" },
      callbackUrl: "https://app.example/back",
    });
    expect(readConfig(passport, { door: "strategy", env: {} })).toMatchObject({ client: { id: "theirs" } });
  });

  it("writes to nothing it is given", () => {
    const options = Object.freeze({ oauthAccessToken: "t", companies: Object.freeze([1]) });
    expect(() => middleware(options, Object.freeze({}))).not.toThrow();
  });

  it("is not changed by what happens to the options afterwards", () => {
    const companies = [1];
    const config = middleware({ oauthAccessToken: "t", companies });
    companies.push(2);
    expect(config).toMatchObject({ companies: new Set([1]) });
  });
});

describe("readConfig, code beside the environment", () => {
  const key = { AIRCALL_API_ID: "id", AIRCALL_API_TOKEN: "token" };
  const app = { AIRCALL_CLIENT_ID: "id", AIRCALL_CLIENT_SECRET: "s", AIRCALL_CALLBACK_URL: "https://app.example/back" };
  const connects = { ...app, AIRCALL_INITIATE_OAUTH: "GETANDREFRESH" };

  it.each<[string, SettingsOptions, NodeJS.ProcessEnv, object]>([
    ["an app by connection", { connection: "OAuthClientId=a;OAuthClientSecret=b" }, key, { client: { id: "a" } }],
    ["an app by options", { oauthClientId: "a", oauthClientSecret: "b" }, key, { client: { id: "a" } }],
    ["a key by connection", { connection: "User=u;Password=p" }, connects, { user: "u" }],
    ["a key by options", { user: "u", password: "p" }, connects, { user: "u" }],
    ["a key in part", { user: "u" }, { ...key, ...connects }, { user: "u", password: "token" }],
    ["a scheme, where both are there", { authScheme: "Basic" }, { ...key, ...app }, { user: "id" }],
    ["a scheme by connection", { connection: "AuthScheme=OAuth" }, { ...key, ...app }, { client: { id: "id" } }],
    [
      "an app, beside the other scheme",
      { connection: "OAuthClientId=a;OAuthClientSecret=b" },
      { ...key, AIRCALL_AUTH_SCHEME: "Basic" },
      { client: { id: "a" } },
    ],
    [
      "a key, beside a connection of the other kind",
      { connection: "User=u;Password=p" },
      { AIRCALL_CONNECTION: "AuthScheme=OAuth;OAuthClientId=id;OAuthAccessToken=t" },
      { user: "u" },
    ],
    [
      "a token, beside an app that companies connect to",
      { connection: "OAuthAccessToken=t" },
      connects,
      { initiateOAuth: "REFRESH", staticTokens: { accessToken: "t" } },
    ],
    [
      "an app that companies connect to, beside a token",
      { initiateOAuth: "GETANDREFRESH" },
      { ...app, AIRCALL_CONNECTION: "OAuthAccessToken=t" },
      { initiateOAuth: "GETANDREFRESH", staticTokens: null },
    ],
  ])("does what the code says: %s", (_what, options, env, config) => {
    expect(middleware(options, env)).toMatchObject(config);
  });

  it("does so for the strategy, which knows one scheme", () => {
    const options = { oauthClientId: "a", oauthClientSecret: "b", callbackUrl: "https://app.example/back" };
    const env = { ...key, AIRCALL_AUTH_SCHEME: "Basic" };
    expect(readConfig(options, { door: "strategy", env })).toMatchObject({ scheme: "OAuth", client: { id: "a" } });
  });
});

describe("readConfig, names it does not know", () => {
  it.each([
    [{ passwrod: "x" }, 'Unknown option "passwrod". Did you mean "password"?'],
    [{ clientID: "x" }, 'Unknown option "clientID". Did you mean "oauthClientId"?'],
    [{ CallbackURL: "x" }, 'Did you mean "callbackUrl"?'],
    [{ verfy: undefined }, 'Did you mean "verify"?'],
    [{ colour: "red" }, "Known: connection, authScheme, user"],
    [{ colour: "red" }, "dispatcher, grants, verify."],
    [JSON.parse('{"__proto__":{"user":"x"}}') as object, 'Unknown option "__proto__"'],
    [{ constructor: "x" }, 'Unknown option "constructor"'],
    [{ toString: "x" }, 'Unknown option "toString"'],
    [{ "a\nb": 1 }, 'Unknown option "a\\u000ab"'],
    [{ connection: "Usr=x" }, 'Unknown property "Usr" (option connection). Did you mean "User"?'],
    [{ connection: 5 }, "The value is no connection string (option connection): it must be text; got a number"],
  ])("refuses %j", (options, message) => {
    expect(refusalOf(() => middleware({ user: "u", password: "p", ...options })).message).toContain(message);
  });

  it.each([[null], ["User=u;Password=p"], [[]], [() => ({})]])("refuses %p in place of options", (options) => {
    expect(refusalOf(() => middleware(options as never)).message).toContain("Options must be an object");
  });

  it("says which connection string is wrong", () => {
    const refusal = refusalOf(() => middleware({ user: "u", password: "p" }, { AIRCALL_CONNECTION: "Usr=x" }));
    expect(refusal.message).toContain('Unknown property "Usr" (AIRCALL_CONNECTION)');
  });

  it("takes nothing from a prototype, and changes none", () => {
    const inherited = Object.create({ user: "inherited", password: "p" }) as SettingsOptions;
    const env = Object.create({ AIRCALL_API_ID: "inherited", AIRCALL_API_TOKEN: "p" }) as NodeJS.ProcessEnv;
    expect(refusalOf(() => middleware(inherited, env)).message).toContain("Nothing says how to reach Aircall");
    expect(() => middleware(JSON.parse('{"__proto__":{"polluted":1}}') as object)).toThrow();
    expect(Object.prototype).not.toHaveProperty("polluted");
  });

  it("ignores a polluted Object.prototype", () => {
    const prototype = Object.prototype as { Scope?: string; scope?: string };
    prototype.Scope = prototype.scope = "everything";
    try {
      expect(middleware({ connection: "OAuthAccessToken=t" })).toMatchObject({ scope: "public_api" });
    } finally {
      delete prototype.Scope;
      delete prototype.scope;
    }
  });
});
