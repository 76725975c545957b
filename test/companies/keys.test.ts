import { inspect } from "node:util";
import {
  aircallAuth,
  memoryGrants,
  sessionGrants,
  type AircallAuthOptions,
  type ApiKey,
  type ConnectedCompany,
} from "express-aircall";
import type { Simulator } from "express-aircall/simulator";
import { MemoryStore } from "express-session";
import { browserAt, createConnectedApp, getAndRefresh, signIn } from "../support/apps/connected-app";
import { moveTime } from "../support/moved-time";
import { startSimulator } from "../support/servers/simulated";

const time = moveTime();
const acme = { ref: "acme" };

function keyOf(simulator: Simulator, index = 0): ApiKey {
  const { apiId, apiToken } = simulator.companies[index]!;
  return { user: apiId, password: apiToken };
}

/** An app whose tenants, named in a header, bring keys of their own. */
async function startKeysApp(options: Partial<AircallAuthOptions> = {}) {
  const simulator = await startSimulator();
  const grants = memoryGrants();
  const connected = createConnectedApp({
    ...{ authScheme: "Basic", apiUrl: simulator.basic.apiUrl, grants, hold: "company" },
    company: (req) => (req.get("x-tenant") === undefined ? null : { ref: req.get("x-tenant")! }),
    ...options,
  });
  const visit = (tenant: string, path = "/calls") => browserAt(connected).agent.get(path).set("X-Tenant", tenant);
  return { ...connected, simulator, grants, visit };
}

describe("connectKey", () => {
  it("lets a tenant's requests work with the key it brought, and nobody else's", async () => {
    const { auth, simulator, visit } = await startKeysApp();
    const [first, second] = simulator.companies;
    expect(await auth.connectKey(acme, keyOf(simulator))).toEqual({ id: null, name: first.name, user: null });
    await auth.connectKey({ ref: "other" }, keyOf(simulator, 1));

    expect((await visit("acme")).body).toEqual({ calls: 5 });
    expect((await visit("acme", "/account")).body).toMatchObject({ name: first.name });
    expect((await visit("other", "/account")).body).toMatchObject({ name: second.name });
    expect((await visit("nobody")).body).toMatchObject({ error: "not_connected" });
    expect((await auth.clientFor(acme).company.get()).name).toBe(first.name);
  });

  it("keeps nothing of a wrong key, says so, and lets nobody try many", async () => {
    const { auth, simulator, grants, visit } = await startKeysApp();
    const wrong = { user: keyOf(simulator).user, password: "a-wrong-token" };
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      await expect(auth.connectKey(acme, wrong)).rejects.toMatchObject({ code: "key_refused", status: 422 });
    }

    await expect(auth.connectKey(acme, keyOf(simulator))).rejects.toMatchObject({ code: "rate_limited", status: 429 });
    await expect(auth.connectKey({ ref: "other" }, wrong)).rejects.toMatchObject({ code: "key_refused" });
    expect((await grants.companies(null, null, 10)).companies).toEqual([]);
    expect((await visit("acme")).status).toBe(401);
    time.pass(60_000);
    await auth.connectKey(acme, keyOf(simulator));
    expect((await visit("acme")).status).toBe(200);
  });

  it("counts no key that works, nor one that could not be tried", async () => {
    const { auth, simulator } = await startKeysApp();
    for (let attempt = 1; attempt <= 7; attempt += 1) {
      await auth.connectKey(acme, keyOf(simulator), { replace: true });
      simulator.fail({ status: 404 });
      await expect(auth.connectKey({ ref: "down" }, keyOf(simulator))).rejects.toMatchObject({ code: "not_found" });
      simulator.clearFaults();
    }
  });

  it("puts one key in place of another only where that is said", async () => {
    const { auth, simulator, visit } = await startKeysApp();
    await auth.connectKey(acme, keyOf(simulator));
    await expect(auth.connectKey(acme, keyOf(simulator, 1))).rejects.toMatchObject({ code: "already_connected" });
    expect((await visit("acme", "/account")).body).toMatchObject({ name: simulator.companies[0].name });

    await auth.connectKey(acme, keyOf(simulator, 1), { replace: true });
    expect((await visit("acme", "/account")).body).toMatchObject({ name: simulator.companies[1].name });
    expect(await list(auth)).toHaveLength(1);
  });

  it("lets one of two keys in that come at once", async () => {
    const { auth, simulator } = await startKeysApp();
    const keys = [keyOf(simulator), keyOf(simulator, 1)];
    const outcomes = await Promise.allSettled(keys.map((key) => auth.connectKey(acme, key)));
    const refused = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason as unknown] : []));
    expect(refused).toMatchObject([{ code: "already_connected" }]);
    expect(await list(auth)).toHaveLength(1);
  });

  it.each([{ replce: true }, { replace: "yes" }, null])(
    "refuses the options %j, and says what is meant",
    async (wrong) => {
      const { auth, simulator } = await startKeysApp();
      await expect(auth.connectKey(acme, keyOf(simulator), wrong as never)).rejects.toMatchObject({
        code: "config_invalid",
      });
      expect(await list(auth)).toEqual([]);
    },
  );

  it("asks verify, with the request, before it keeps anything", async () => {
    const asked: unknown[] = [];
    const { auth, simulator } = await startKeysApp({
      verify: ({ account, companyRef, tokens, req }) => {
        asked.push([account.name, companyRef, tokens.refreshToken, req.get("x-may")]);
        return req.get("x-may") === "yes";
      },
    });
    const from = (may: string) => ({ get: () => may }) as never;

    await expect(auth.connectKey(acme, keyOf(simulator))).rejects.toMatchObject({ code: "config_invalid" });
    await expect(auth.connectKey(acme, keyOf(simulator), { req: from("no") })).rejects.toMatchObject({
      code: "sign_in_refused",
    });
    expect(await list(auth)).toEqual([]);
    await auth.connectKey(acme, keyOf(simulator), { req: from("yes") });
    const { name } = simulator.companies[0];
    expect(asked).toEqual([
      [name, "acme", null, "no"],
      [name, "acme", null, "yes"],
    ]);
  });

  it("ends with disconnectKey, and not what the company connected by OAuth", async () => {
    const { auth, simulator, visit } = await startKeysApp();
    await auth.connectKey(acme, keyOf(simulator));
    await auth.connectKey({ ref: "other" }, keyOf(simulator, 1));

    expect(await auth.disconnectKey(acme)).toBe(1);
    expect(await auth.disconnectKey(acme)).toBe(0);
    expect((await visit("acme")).status).toBe(401);
    expect((await visit("other")).status).toBe(200);
    expect(await auth.disconnectCompany({ ref: "other" })).toBe(1);
    expect(await list(auth)).toEqual([]);
  });

  it("is suspended where Aircall refuses the key for a minute, and works again once it is accepted", async () => {
    const { auth, simulator, visit } = await startKeysApp();
    await auth.connectKey(acme, keyOf(simulator));
    simulator.fail({ status: 403 });
    expect((await visit("acme")).status).toBe(503);
    time.pass(60_000);
    expect((await visit("acme")).body).toMatchObject({ error: "reconnect_required" });
    expect(await list(auth)).toMatchObject([{ companyRef: "acme", state: "suspended", scheme: "Basic" }]);
    simulator.clearFaults();
    await auth.connectKey(acme, keyOf(simulator));
    expect((await visit("acme")).status).toBe(200);
  });

  it("stands beside companies that connect by OAuth in the same app", async () => {
    const simulator = await startSimulator();
    const [byOAuth, byKey] = simulator.companies;
    const app = createConnectedApp({
      ...{ ...getAndRefresh(simulator), grants: memoryGrants(), hold: "company" as const },
      company: (req) => (req.get("x-tenant") ? { ref: req.get("x-tenant")! } : byOAuth.id),
    });
    await signIn(browserAt(app), simulator, { companyId: byOAuth.id });
    await app.auth.connectKey(acme, keyOf(simulator, 1));
    // A tenant of the app's own may be called as Aircall calls another company.
    await app.auth.connectKey({ ref: String(byOAuth.id) }, keyOf(simulator, 1));

    const names = (await list(app.auth)).map(({ companyId, companyRef, name, scheme }) => [
      companyId ?? companyRef,
      name,
      scheme,
    ]);
    expect(names.sort()).toEqual(
      [
        [byOAuth.id, byOAuth.name, "OAuth"],
        ["acme", byKey.name, "Basic"],
        [String(byOAuth.id), byKey.name, "Basic"],
      ].sort(),
    );
    const visit = (tenant: string) => browserAt(app).agent.get("/account").set("X-Tenant", tenant);
    expect((await visit("acme")).body).toMatchObject({ name: byKey.name });
    expect((await visit("")).body).toMatchObject({ name: byOAuth.name });
    expect((await app.auth.clientFor(byOAuth.id).company.get()).name).toBe(byOAuth.name);
    expect(await app.auth.disconnectKey({ ref: String(byOAuth.id) })).toBe(1);
    expect((await visit("")).status).toBe(200);
  });

  it("refuses what is no key, and shows none of it", async () => {
    const { auth, simulator } = await startKeysApp();
    const { user } = keyOf(simulator);
    const sentinel = "S3NT1NEL-of-a-token";
    const bad: unknown[] = [undefined, "text", { user }, { user, password: `${sentinel}\n${sentinel}` }];
    bad.push(
      { user: `${sentinel}:${sentinel}`, password: "p" },
      { user: "", password: sentinel },
      { user, password: 7 },
    );
    for (const key of bad) {
      const error: unknown = await auth.connectKey(acme, key as ApiKey).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "bad_argument", status: 400 });
      expect(JSON.stringify(error) + inspect(error)).not.toContain("S3NT1NEL");
    }
    const refused: unknown = await auth.connectKey(acme, { user, password: sentinel }).catch((error: unknown) => error);
    expect(JSON.stringify(refused) + inspect(refused, { depth: 9 })).not.toContain("S3NT1NEL");
    for (const company of [7, "7", { ref: "" }, { ref: 7 }, { ref: "\ud800" }, undefined]) {
      await expect(auth.connectKey(company as never, keyOf(simulator))).rejects.toMatchObject({
        code: "config_invalid",
      });
    }
  });

  it("costs a request one read of the store, once its company was found", async () => {
    const [kept, asked] = [memoryGrants(), [] as string[]];
    const grants = new Proxy(kept, {
      get(store, name) {
        asked.push(String(name));
        return Reflect.get(store, name) as unknown;
      },
    });
    const { auth, simulator, visit } = await startKeysApp({ grants });
    await auth.connectKey(acme, keyOf(simulator));
    await visit("acme");
    asked.length = 0;
    for (let request = 0; request < 3; request += 1) expect((await visit("acme")).status).toBe(200);
    expect(asked).toEqual(["get", "get", "get"]);
  });

  it("trims what was pasted", async () => {
    const { auth, simulator } = await startKeysApp();
    const { user, password } = keyOf(simulator);
    await auth.connectKey(acme, { user: ` ${user}\n`, password: `\t${password} ` });
    expect((await auth.clientFor(acme).ping()).ping).toBe("pong");
  });
});

describe("an app whose companies connect by key only", () => {
  const encryptionKeys = ["a key of thirty-two characters, or more"];
  const start = (options: object) => () => aircallAuth({ authScheme: "Basic", hold: "company", ...options });

  it("needs no key of its own, but a store that seals", () => {
    const sealed = sessionGrants(new MemoryStore(), { encryptionKeys });
    expect(start({ grants: sealed })).not.toThrow();
    expect(start({ grants: sessionGrants(new MemoryStore()) })).toThrow(/kept sealed only.*encryptionKeys/);
    expect(start({ grants: sessionGrants(new MemoryStore()), apiUrl: "http://127.0.0.1:9" })).not.toThrow();
    expect(start({ grants: sealed, app: "reports" })).not.toThrow();
    expect(start({ grants: sealed, app: "" })).toThrow(/app must be a text/);
    expect(start({})).toThrow(/User|AIRCALL_API_ID/);
    expect(start({ grants: sealed, hold: "session" })).toThrow(/AIRCALL_API_ID/);
    expect(start({ grants: sealed, companies: [7] })).toThrow(/companies/);
  });

  it("shares nothing with an app of another name over the same store", async () => {
    const grants = memoryGrants();
    const simulator = await startSimulator();
    const settings = { authScheme: "Basic", apiUrl: simulator.basic.apiUrl, grants, hold: "company" } as const;
    const [one, other] = [aircallAuth(settings), aircallAuth({ ...settings, app: "other" })];
    await one.connectKey(acme, keyOf(simulator));

    await expect(other.clientFor(acme).ping()).rejects.toMatchObject({ code: "not_connected" });
    expect(await list(other)).toEqual([]);
    expect(await other.disconnectKey(acme)).toBe(0);
    expect(await list(one)).toHaveLength(1);
    await Promise.all([one.close(), other.close()]);
  });

  it("says where keys cannot be connected, and why", async () => {
    const simulator = await startSimulator();
    const own = aircallAuth({ user: "an-id", password: "a-token", apiUrl: simulator.basic.apiUrl });
    await expect(own.connectKey(acme, keyOf(simulator))).rejects.toThrow(/is one company's/);
    const withoutGrants = aircallAuth(getAndRefresh(simulator));
    await expect(withoutGrants.connectKey(acme, keyOf(simulator))).rejects.toThrow(/grants: redisGrants/);
    const listed = aircallAuth({
      ...getAndRefresh(simulator),
      grants: memoryGrants(),
      hold: "company",
      companies: [7],
    });
    await expect(listed.connectKey(acme, keyOf(simulator))).rejects.toThrow(/a key tells no id/);
    await Promise.all([own, withoutGrants, listed].map((auth) => auth.close()));
  });
});

async function list(auth: { companies: () => AsyncIterable<ConnectedCompany> }): Promise<ConnectedCompany[]> {
  const found: ConnectedCompany[] = [];
  for await (const company of auth.companies()) found.push(company);
  return found;
}
