import { ConfigError } from "../errors/errors";
import type { SettingValue } from "./settings";
import { type Door, type GivenSettings, whereToSet } from "./sources";
import { listOf } from "./values";

/** Which way in was meant: what the app's own code says comes before the environment. An error where that cannot be told. */
export function readScheme(given: GivenSettings, door: Door): "Basic" | "OAuth" {
  const scheme = schemeInCode(given) ?? given.read("authScheme");
  if (door !== "strategy") return scheme ?? guessScheme(given, door);
  if (scheme !== "Basic" || !given.has("authScheme")) return "OAuth";
  throw new ConfigError(
    `${given.nameOf("authScheme")} is Basic, but AircallStrategy signs in with OAuth. Use aircallAuth() with an API key.`,
  );
}

/** Null where the code says nothing, or implies both. */
function schemeInCode(given: GivenSettings): "Basic" | "OAuth" | null {
  if (given.inCode("authScheme")) return given.read("authScheme");
  const basic = given.inCode("user");
  const oauth = impliesOAuth.some((name) => given.inCode(name));
  return basic === oauth ? null : basic ? "Basic" : "OAuth";
}

/** What the code says of one company's token, or of companies that connect, outdoes the other in the environment. */
export function readInitiateOAuth(given: GivenSettings): SettingValue<"initiateOAuth"> {
  const initiateOAuth = given.read("initiateOAuth") ?? "REFRESH";
  const outdone = given.inCode("oauthAccessToken") && !given.inCode("initiateOAuth");
  return outdone && initiateOAuth === "GETANDREFRESH" ? "REFRESH" : initiateOAuth;
}

/** See {@link readInitiateOAuth}. */
export function tokenCounts(given: GivenSettings, initiateOAuth: SettingValue<"initiateOAuth">): boolean {
  const outdone = given.inCode("initiateOAuth") && !given.inCode("oauthAccessToken");
  return !(outdone && initiateOAuth === "GETANDREFRESH");
}

/** Whether a client works with the grant that is kept at OAuthSettingsLocation, and not with a token obtained elsewhere. */
export function usesKeptGrant(given: GivenSettings, hasGrants: boolean): boolean {
  const location = given.read("oauthSettingsLocation");
  const isKept = hasGrants || (location !== null && !/^memory:\/\/$/i.test(location));
  if (!isKept || !given.has("oauthAccessToken")) return isKept;
  const [located, token] = [hasGrants || given.inCode("oauthSettingsLocation"), given.inCode("oauthAccessToken")];
  if (located !== token) return located;
  throw new ConfigError(
    `Both ${given.nameOf("oauthSettingsLocation")} and ${given.nameOf("oauthAccessToken")} are set, and each names a ` +
      "grant to work with. Remove one.",
  );
}

/** Refuses a place for grants that only clients outside Express look at. */
export function refuseLocation(given: GivenSettings): void {
  if (!given.inCode("oauthSettingsLocation")) return;
  throw new ConfigError(
    "OAuthSettingsLocation is where createAircallClient() finds its grant. To keep an app's grants in a file, give " +
      "aircallAuth() grants: fileGrants(path, { encryptionKeys }).",
  );
}

export interface Purpose {
  readonly door: Door;
  readonly initiateOAuth: SettingValue<"initiateOAuth">;
  /** See {@link usesKeptGrant}. */
  readonly isKept: boolean;
}

/** Refuses settings that cannot do what this door is for. */
export function requireComplete(given: GivenSettings, { door, initiateOAuth, isKept }: Purpose) {
  const signsIn = signingIn(door, initiateOAuth);
  if (signsIn)
    given.require([...client, "callbackUrl"], `${signsIn} signs people in as the app registered at Aircall.`);
  if (tokenExtras.some((name) => given.has(name))) {
    given.require(["oauthAccessToken"], "Something was set about a token, but not the token itself.");
  }
  if (initiateOAuth !== "OFF" && renewable.some((name) => given.has(name))) {
    given.require(client, "Renewing without client credentials is impossible. Set them, or set InitiateOAuth to OFF.");
  }
  if (given.has("previousClientSecret")) {
    given.require(client, "previousClientSecret is the one before OAuthClientSecret.");
  }
  if (isKept) {
    given.require(client, "The grant at OAuthSettingsLocation was given to the app registered at Aircall.");
  } else if (door === "client") {
    given.require(["oauthAccessToken"], noGrant);
  }
  if (door === "middleware" && initiateOAuth === "REFRESH" && !given.has("oauthAccessToken")) {
    given.require(client, "InitiateOAuth REFRESH renews tokens with them. Set them, or set InitiateOAuth to OFF.");
  }
}

const noGrant =
  "A client without Express signs nobody in: give it a token obtained elsewhere, or OAuthSettingsLocation, a file in " +
  "which npx express-aircall login keeps a grant.";

const impliesOAuth = ["oauthClientId", "oauthAccessToken"] as const;
const client = ["oauthClientId", "oauthClientSecret"] as const;
const renewable = ["oauthRefreshToken", "oauthExpiresIn"] as const;
const tokenExtras = [...renewable, "oauthTokenTimestamp"] as const;

/** Refuses a list of companies where nobody would ask it. */
export function refuseCompanies(given: GivenSettings): void {
  if (!given.has("companies")) return;
  throw new ConfigError(
    "companies says who may connect, but nobody connects here: an API key, or a token, is one company's. Leave it out.",
  );
}

/** What it is that signs people in; null when nothing does. */
export function signingIn(door: Door, initiateOAuth: SettingValue<"initiateOAuth">): string | null {
  if (door === "strategy") return "AircallStrategy";
  return door === "middleware" && initiateOAuth === "GETANDREFRESH" ? "InitiateOAuth GETANDREFRESH" : null;
}

function guessScheme(given: GivenSettings, door: Door): "Basic" | "OAuth" {
  const oauth = impliesOAuth.find((name) => given.has(name));
  if (given.has("user") && oauth) {
    throw new ConfigError(
      `Both ${given.nameOf("user")} and ${given.nameOf(oauth)} are set, which mean Basic and OAuth. ` +
        `Remove one, or choose with ${whereToSet("authScheme")}.`,
    );
  }
  if (given.has("user")) return "Basic";
  if (oauth) return "OAuth";
  throw new ConfigError(
    "Nothing says how to reach Aircall. " +
      `For one company's API key set ${whereToSet("user")} and ${whereToSet("password")}. ` +
      `For OAuth set ${oauthWays(door)}. ` +
      "Each may stand in a connection string too (option connection, variable AIRCALL_CONNECTION).",
  );
}

function oauthWays(door: Door): string {
  const token = whereToSet("oauthAccessToken");
  if (door === "client") {
    return `${token}, or ${listOf([...client, "oauthSettingsLocation" as const].map(whereToSet), "and")}`;
  }
  const app = ([...client, "callbackUrl"] as const).map(whereToSet);
  return `${listOf(app, "and")}, or ${token} alone`;
}
