import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAircallClient, type AircallClientOptions } from "../../src/client/client";
import { grantsAtLocation } from "../../src/client/settings-location";
import { readConfig, type OAuthConfig } from "../../src/config/config";
import { appKey } from "../../src/grants/session-grants";
import { memoryGrants } from "../../src/grants/stores/memory";
import type { GrantStore } from "../../src/grants/store";
import { newGrant } from "../support/grants";
import { startSimulator } from "../support/servers/simulated";
import { json, startTokenServer } from "../support/servers/token-server";

const folder = mkdtempSync(join(tmpdir(), "express-aircall-"));
const app = { oauthClientId: "client-1", oauthClientSecret: "s3cret-s3cret" };
const aYearMs = 31_536_000_000;
const clients: { close(): Promise<void> }[] = [];
let files = 0;

afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())));
afterAll(() => rmSync(folder, { recursive: true }));

const newLocation = () => join(folder, `grants-${(files += 1)}`);

function open(options: AircallClientOptions) {
  const client = createAircallClient({ ...app, ...options });
  clients.push(client);
  return client;
}

function storeAt(oauthSettingsLocation: string): GrantStore {
  const config = readConfig({ ...app, oauthSettingsLocation }, { door: "client", env: {} });
  return grantsAtLocation(config as OAuthConfig, []).store;
}

/** A grant in the words of the simulator, whose access token has expired. */
async function keepExpired(store: GrantStore, tokens: { accessToken: string; refreshToken: string | null }) {
  const [expiresAt, obtainedAt] = [new Date(Date.now() - 1_000), new Date(Date.now() - 3_600_000)];
  return store.create(newGrant({ ...tokens, app: appKey("client-1"), expiresAt, obtainedAt }), aYearMs);
}

const wholeString =
  "AuthScheme=OAuth;InitiateOAuth=GETANDREFRESH;OAuthClientId=client-1;OAuthClientSecret=s3cret-s3cret;" +
  "CallbackURL=https://app.example/auth/back";

interface Kept {
  readonly options: AircallClientOptions;
  /** What is kept by now, where somebody else can see it. */
  readonly kept?: () => Promise<unknown>;
}

async function keepIn<Place extends string | GrantStore>(
  oauthSettingsLocation: Place,
  storeOf: (place: Place) => GrantStore,
  tokens: { accessToken: string; refreshToken: string },
): Promise<Kept> {
  const store = storeOf(oauthSettingsLocation);
  const id = await keepExpired(store, tokens);
  return { options: { oauthSettingsLocation }, kept: () => store.get(id) };
}

describe("createAircallClient with OAuthSettingsLocation", () => {
  it("works with the grant kept there, and says what to do where there is none", async () => {
    const simulator = await startSimulator();
    const location = newLocation();
    const { access_token: accessToken } = simulator.issueToken();
    const connection = `AuthScheme=OAuth;InitiateOAuth=GETANDREFRESH;OAuthClientId=client-1;OAuthClientSecret=s3cret-s3cret;OAuthSettingsLocation=${location}`;
    const client = open({ connection, apiUrl: simulator.url });

    await expect(client.ping()).rejects.toMatchObject({
      code: "not_connected",
      message: `No Aircall company is connected at ${location}: run npx express-aircall login with the same settings.`,
    });
    const grant = newGrant({ app: appKey("client-1"), accessToken, refreshToken: null, expiresAt: null });
    await storeAt(location).create(grant, aYearMs);
    expect(await client.ping()).toEqual({ ping: "pong" });
  });

  it("takes a grant store as well, with one company in it", async () => {
    const simulator = await startSimulator();
    const store = memoryGrants();
    const { access_token: accessToken } = simulator.issueToken();
    const kept = { app: appKey("client-1"), accessToken, refreshToken: null, expiresAt: null };
    const client = open({ oauthSettingsLocation: store, apiUrl: simulator.url });
    await expect(client.ping()).rejects.toThrow("sign in with the app that shares it");

    await store.create(newGrant(kept), aYearMs);
    expect(await client.ping()).toEqual({ ping: "pong" });
    await store.create(newGrant({ ...kept, account: { id: 8, name: null, user: null } }), aYearMs);
    await expect(open({ oauthSettingsLocation: store, apiUrl: simulator.url }).ping()).rejects.toThrow(
      /Several companies.*clientFor/,
    );
  });

  /** Where a grant may be kept, with one that has expired in it; in memory it is a token obtained elsewhere. */
  const places: [place: string, keep: (tokens: { accessToken: string; refreshToken: string }) => Promise<Kept>][] = [
    ["a file", (tokens) => keepIn(newLocation(), storeAt, tokens)],
    ["a grant store", (tokens) => keepIn(memoryGrants(), (store) => store, tokens)],
    [
      "memory://",
      ({ accessToken: oauthAccessToken, refreshToken: oauthRefreshToken }) => {
        const expired = { oauthExpiresIn: 60, oauthTokenTimestamp: Date.now() - 3_600_000 };
        const location = { oauthSettingsLocation: "memory://" };
        return Promise.resolve({ options: { ...location, oauthAccessToken, oauthRefreshToken, ...expired } });
      },
    ],
  ];

  describe.each(places)("that is %s", (place, keep) => {
    it.each(["REFRESH", "GETANDREFRESH"] as const)("renews with %s, once for all who share it", async (mode) => {
      const simulator = await startSimulator();
      const { access_token: accessToken } = simulator.issueToken();
      const provider = await startTokenServer((res) => json(res, { access_token: accessToken, refresh_token: "next" }));
      const { options, kept } = await keep({ accessToken: "old", refreshToken: "refresh-0" });
      const settings = { ...options, initiateOAuth: mode, apiUrl: simulator.url, tokenUrl: provider.url };

      const clients = place === "memory://" ? [open(settings)] : [1, 2].map(() => open(settings));
      const answers = await Promise.all([...clients, ...clients].map((client) => client.ping()));
      await provider.close();
      expect(answers).toEqual(Array(2 * clients.length).fill({ ping: "pong" }));
      expect(provider.requests).toHaveLength(1);
      if (kept) expect(await kept()).toMatchObject({ accessToken, refreshToken: "next" });
    });

    it("works with OFF as long as its token does, and is never renewed", async () => {
      const simulator = await startSimulator();
      const provider = await startTokenServer((res) => json(res, {}, 500));
      const { access_token: accessToken } = simulator.issueToken();
      const settings = { initiateOAuth: "OFF", apiUrl: simulator.url, tokenUrl: provider.url } as const;
      const [living, dead] = await Promise.all(
        [accessToken, "old"].map((accessToken) => keep({ accessToken, refreshToken: "refresh-0" })),
      );

      expect(await open({ ...living!.options, ...settings }).ping()).toEqual({ ping: "pong" });
      await expect(open({ ...dead!.options, ...settings }).ping()).rejects.toMatchObject({ code: "token_refused" });
      await provider.close();
      expect(provider.requests).toEqual([]);
    });
  });

  it("names the command where the grant has ended", async () => {
    const location = newLocation();
    await storeAt(location).create(newGrant({ app: appKey("client-1"), state: "ended" }), aYearMs);
    await expect(open({ oauthSettingsLocation: location }).ping()).rejects.toMatchObject({
      code: "reconnect_required",
      message: expect.stringMatching(/connected again: run npx express-aircall login/) as string,
    });
  });

  it("is opened by the keys it was sealed with, and by no other client's secret", async () => {
    const location = newLocation();
    const id = await storeAt(location).create(newGrant(), aYearMs);
    const other = { oauthSettingsLocation: location, oauthClientSecret: "another" };
    await expect(open(other).ping()).rejects.toThrow(/sealed with other keys/);
    const config = { ...app, ...other, previousClientSecret: "s3cret-s3cret" };
    const { store } = grantsAtLocation(readConfig(config, { door: "client", env: {} }) as OAuthConfig, []);
    expect(await store.get(id)).not.toBeNull();
  });

  it.each<[string, AircallClientOptions, RegExp]>([
    ["no client", { oauthClientId: undefined, authScheme: "OAuth", oauthSettingsLocation: "x" }, /OAuthClientId/],
    ["a token beside it", { oauthAccessToken: "t", oauthSettingsLocation: "x" }, /each names a grant/],
    [
      "a connection string that names no place",
      { connection: `${wholeString};OAuthSettingsLocation=` },
      /express-aircall login/,
    ],
    ["the whole string without a place", { connection: wholeString }, /file in which npx express-aircall login keeps/],
    ["memory:// and no token", { oauthSettingsLocation: "memory://" }, /Missing: OAuthAccessToken/],
    ["no store", { oauthSettingsLocation: null as never }, /takes the path of a file/],
    ["a short key", { oauthSettingsLocation: "x", encryptionKeys: ["short"] }, /at least 32/],
  ])("refuses %s", (_what, options, message) => {
    expect(() => open(options)).toThrow(message);
  });

  it("keeps a token obtained elsewhere in memory", async () => {
    const simulator = await startSimulator();
    const { access_token: oauthAccessToken } = simulator.issueToken();
    const client = open({ oauthSettingsLocation: "memory://", oauthAccessToken, apiUrl: simulator.url });
    expect(await client.ping()).toEqual({ ping: "pong" });
  });
});
