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
    const options = Object.freeze({ user: "u", password: "p", companies: Object.freeze([1]) });
    expect(() => middleware(options, Object.freeze({}))).not.toThrow();
  });

  it("is not changed by what happens to the options afterwards", () => {
    const companies = [1];
    const config = middleware({ oauthAccessToken: "t", companies });
    companies.push(2);
    expect(config).toMatchObject({ companies: new Set([1]) });
  });
});

describe("readConfig, names it does not know", () => {
  it.each([
    [{ passwrod: "x" }, 'Unknown option "passwrod". Did you mean "password"?'],
    [{ clientID: "x" }, 'Unknown option "clientID". Did you mean "oauthClientId"?'],
    [{ CallbackURL: "x" }, 'Did you mean "callbackUrl"?'],
    [{ verfy: undefined }, 'Did you mean "verify"?'],
    [{ colour: "red" }, "Known: connection, authScheme, user"],
    [{ colour: "red" }, "fetch, grants, verify."],
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
