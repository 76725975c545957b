import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { inspect } from "node:util";
import { memoryGrants, type AircallDiagnostics } from "express-aircall";
import { createRenewals } from "../src/grants/renewal/renew";
import { createTokenEndpoint } from "../src/oauth/token-endpoint";
import { createTransport } from "../src/http/transport/choose";
import { newGrant } from "./support/grants";
import { browserAt, createConnectedApp, getAndRefresh, signIn } from "./support/apps/connected-app";
import { moveTime } from "./support/moved-time";
import { startSimulator } from "./support/servers/simulated";

const time = moveTime();

type Name = keyof AircallDiagnostics;
const names: Name[] = ["sign-in", "renewal", "probe", "suspension", "recovery", "disconnection", "write-failure"].map(
  (name) => `express-aircall:${name}` as Name,
);

let told: [string, unknown][];
const listen = (message: unknown, name: string | symbol) => void told.push([String(name), message]);

beforeEach(() => {
  told = [];
  for (const name of names) subscribe(name, listen);
});

afterEach(() => {
  for (const name of names) unsubscribe(name, listen);
});

describe("diagnostics_channel", () => {
  it("tells of a sign-in, a revocation and a logout, in that order", async () => {
    const simulator = await startSimulator();
    const app = createConnectedApp(getAndRefresh(simulator));
    const browser = browserAt(app);
    await signIn(browser, simulator);
    simulator.revoke(simulator.companies[0].id);
    await browser.visit("/open");
    await browser.submit("/auth/aircall/logout");

    expect(told).toEqual([
      ["express-aircall:sign-in", { code: null }],
      ["express-aircall:probe", { verdict: "refused" }],
      ["express-aircall:disconnection", { by: "logout", grants: 1 }],
    ]);
  });

  it.each<[string, number, boolean]>([
    ["for a moment", 1, false],
    ["for an hour", 60, true],
  ])("tells of a refusal %s, of the suspension and of the recovery, each once", async (_, minutes, suspended) => {
    const simulator = await startSimulator();
    const browser = browserAt(createConnectedApp(getAndRefresh(simulator)));
    await signIn(browser, simulator);
    const repair = simulator.fail({ match: { path: /^\/v1\/(?!oauth)/ }, status: 403 });
    for (let minute = 0; minute < minutes; minute += 1) {
      await browser.visit("/open");
      time.pass(60_000);
    }
    repair();
    await browser.visit("/open");

    const changes = told.filter(([name]) => !["express-aircall:sign-in", "express-aircall:probe"].includes(name));
    const recovery = ["express-aircall:recovery", { suspended, refusedForMs: expect.any(Number) }];
    const suspension = ["express-aircall:suspension", { refusedForMs: expect.any(Number) }];
    expect(changes).toEqual(suspended ? [suspension, recovery] : [recovery]);
  });

  it("tells why a sign-in failed, and nothing about whose it was", async () => {
    const simulator = await startSimulator();
    const app = createConnectedApp(getAndRefresh(simulator));
    await browserAt(app).visit("/auth/aircall/callback?code=a-secret-code&state=a-secret-state");

    expect(told).toEqual([["express-aircall:sign-in", { code: "sign_in_state" }]]);
    expect(inspect(told, { depth: 10 })).not.toContain("secret");
  });

  it("tells of a renewal, and of new tokens that could not be written", async () => {
    const simulator = await startSimulator({ tokens: "rotating" });
    const store = memoryGrants();
    const issued = simulator.issueToken() as { access_token: string; refresh_token: string };
    const tokens = { accessToken: issued.access_token, refreshToken: issued.refresh_token };
    const id = await store.create(newGrant({ ...tokens, expiresAt: new Date(0), obtainedAt: new Date(0) }), 60_000);
    let failures = 2;
    const flaky = {
      ...store,
      replace: (...all: Parameters<typeof store.replace>) =>
        failures-- > 0 ? Promise.reject(new Error("read-only")) : store.replace(...all),
    };
    const { tokenUrl, oauthClientId, oauthClientSecret } = simulator.oauth;
    const client = { id: oauthClientId, secret: oauthClientSecret };
    const endpoint = createTokenEndpoint({ tokenUrl, client, tokenRequest: "json", transport: createTransport(null) });
    const renewals = createRenewals({ store: flaky, endpoint, probe: () => Promise.resolve("unknown") });

    await expect(renewals.renew(id, (await store.get(id))!)).rejects.toThrow();
    await renewals.close();

    expect(told).toEqual([
      ["express-aircall:renewal", { code: null, durationMs: expect.any(Number) }],
      ["express-aircall:write-failure", { attempt: 1 }],
      ["express-aircall:write-failure", { attempt: 2 }],
    ]);
  });
});
