import { canSignIn, readConfig, type SettingsOptions } from "../../src/config/config";
import type { Door } from "../../src/config/sources";
import { refusalOf } from "./refusal";

const read = (door: Door, options: SettingsOptions, env: NodeJS.ProcessEnv = {}) => readConfig(options, { door, env });

const basic = { user: "id", password: "token" };
const app = { oauthClientId: "id", oauthClientSecret: "secret" };
const callbackUrl = "https://app.example/back";
const token = { oauthAccessToken: "token" };
const clientMissing = "Missing: OAuthClientId (option oauthClientId, variable AIRCALL_CLIENT_ID) and OAuthClientSecret";

describe("readConfig, which scheme", () => {
  it.each<[string, Door, SettingsOptions, NodeJS.ProcessEnv]>([
    ["Basic", "middleware", basic, {}],
    ["Basic", "client", basic, {}],
    ["OAuth", "middleware", app, {}],
    ["OAuth", "middleware", token, {}],
    ["OAuth", "client", token, {}],
    ["Basic", "middleware", { ...basic, ...app, authScheme: "Basic" }, {}],
    ["OAuth", "middleware", { ...basic, ...app }, { AIRCALL_AUTH_SCHEME: "OAUTH" }],
    ["OAuth", "strategy", { ...app, callbackUrl }, { AIRCALL_API_ID: "id", AIRCALL_API_TOKEN: "token" }],
  ])("is %s for the %s with %j and %j", (scheme, door, options, env) => {
    expect(read(door, options, env).scheme).toBe(scheme);
  });

  it("is refused where User and OAuthClientId leave it open, naming where each came from", () => {
    const env = { AIRCALL_CONNECTION: "User=id;Password=token", AIRCALL_CLIENT_ID: "id" };
    const { message } = refusalOf(() => read("middleware", {}, env));
    expect(message).toContain("Both User (AIRCALL_CONNECTION) and AIRCALL_CLIENT_ID are set");
    expect(message).toContain("AuthScheme (option authScheme, variable AIRCALL_AUTH_SCHEME)");
  });

  it("is refused where User and a token leave it open", () => {
    expect(refusalOf(() => read("client", { ...basic, ...token })).message).toContain("OAuthAccessToken (option");
  });

  it("is refused where nothing was set, with both ways to go on", () => {
    const { message } = refusalOf(() => read("middleware", {}));
    for (const name of ["AIRCALL_API_ID", "AIRCALL_API_TOKEN", "AIRCALL_CLIENT_ID", "AIRCALL_CONNECTION"]) {
      expect(message).toContain(name);
    }
  });

  it("is refused for a script where nothing was set, without advice that only helps an app", () => {
    const { message } = refusalOf(() => read("client", {}));
    expect(message).toContain("For OAuth set OAuthAccessToken");
    expect(message).not.toContain("AIRCALL_CALLBACK_URL");
  });

  it("is refused for the strategy when it is Basic, saying where that was set", () => {
    const { message } = refusalOf(() => read("strategy", {}, { AIRCALL_AUTH_SCHEME: "Basic" }));
    expect(message).toContain("AIRCALL_AUTH_SCHEME is Basic, but AircallStrategy signs in with OAuth");
  });
});

describe("readConfig, what each door needs", () => {
  it.each<[Door, SettingsOptions]>([
    ["middleware", basic],
    ["middleware", app],
    ["middleware", { ...app, ...token, oauthRefreshToken: "r", oauthExpiresIn: 60 }],
    ["middleware", { ...app, callbackUrl, initiateOAuth: "GETANDREFRESH" }],
    ["middleware", token],
    ["middleware", { ...token, oauthTokenTimestamp: 1 }],
    ["middleware", { authScheme: "OAuth", initiateOAuth: "OFF" }],
    ["middleware", { ...token, oauthRefreshToken: "r", oauthExpiresIn: 60, initiateOAuth: "OFF" }],
    ["strategy", { ...app, callbackUrl }],
    ["client", basic],
    ["client", token],
    ["client", { ...token, initiateOAuth: "GETANDREFRESH" }],
    ["client", { ...token, ...app, oauthRefreshToken: "r" }],
  ])("%s is content with %j", (door, options) => {
    expect(() => read(door, options)).not.toThrow();
  });

  it.each<[Door, SettingsOptions, string]>([
    ["middleware", { user: "id" }, "Missing: Password (option password, variable AIRCALL_API_TOKEN)"],
    ["middleware", { authScheme: "Basic", password: "p" }, "Missing: User (option user, variable AIRCALL_API_ID)"],
    ["middleware", { authScheme: "OAuth" }, clientMissing],
    ["middleware", { oauthClientId: "id" }, "Missing: OAuthClientSecret (option oauthClientSecret"],
    ["middleware", { ...app, initiateOAuth: "GETANDREFRESH" }, "Missing: CallbackURL (option callbackUrl"],
    ["middleware", { ...token, initiateOAuth: "GETANDREFRESH" }, clientMissing.replace(" and", ",")],
    ["middleware", { ...token, oauthRefreshToken: "r" }, "Renewing without client credentials"],
    ["middleware", { ...token, oauthExpiresIn: 60 }, "Renewing without client credentials"],
    ["client", { ...token, oauthRefreshToken: "r" }, "Renewing without client credentials"],
    ["client", { ...token, oauthExpiresIn: 60, initiateOAuth: "GETANDREFRESH" }, "Renewing without client credentials"],
    ["middleware", { ...app, oauthRefreshToken: "r" }, "Missing: OAuthAccessToken"],
    ["client", { user: "id" }, "Missing: Password"],
    ["client", app, "Missing: OAuthAccessToken (option oauthAccessToken)"],
    ["strategy", {}, clientMissing.replace(" and", ",")],
    ["strategy", app, "Missing: CallbackURL"],
    ["strategy", { ...basic, authScheme: "Basic" }, "AircallStrategy signs in with OAuth"],
  ])("%s refuses %j", (door, options, message) => {
    expect(refusalOf(() => read(door, options)).message).toContain(message);
  });

  it("has no client credentials where nothing needs them", () => {
    expect(read("middleware", token)).toMatchObject({ initiateOAuth: "REFRESH", client: null, callbackUrl: null });
  });
});

describe("canSignIn", () => {
  it.each<[boolean, SettingsOptions]>([
    [true, { ...app, callbackUrl }],
    [false, app],
    [false, { ...token, callbackUrl }],
    [false, basic],
  ])("is %s for %j", (answer, options) => {
    expect(canSignIn(read("middleware", options))).toBe(answer);
  });
});
