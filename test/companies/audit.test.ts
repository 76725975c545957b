import type { Request } from "express";
import { setImmediate as turn } from "node:timers/promises";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import {
  aircallAuth,
  type AircallClient,
  AircallStrategy,
  memoryGrants,
  type AircallAuthOptions,
  type AuditEntry,
} from "express-aircall";
import { browserAt, createConnectedApp, getAndRefresh, signIn } from "../support/apps/connected-app";
import { createPassport } from "../support/apps/passport";
import { useSignInApps } from "../support/apps/sign-in-app";
import { startSimulator } from "../support/servers/simulated";

const actor: AircallAuthOptions["actor"] = (req) => req.get("x-user") ?? null;

/** An app that writes its trail; what is written since the last look. */
async function startAuditedApp(options: Partial<AircallAuthOptions> = {}) {
  const simulator = await startSimulator();
  const trail: AuditEntry[] = [];
  const audited = { actor, onAudit: (entry: AuditEntry) => trail.push(entry), ...options };
  const app = createConnectedApp({ ...getAndRefresh(simulator), grants: memoryGrants(), ...audited });
  const browser = browserAt(app);
  browser.agent.set("X-User", "ada");
  const [{ id: companyId }, { id: otherId }] = simulator.companies;
  return { simulator, app, browser, companyId, otherId, entries: () => trail.splice(0), signedIn };

  async function signedIn() {
    await signIn(browser, simulator);
    trail.length = 0;
  }
}

describe("onAudit", () => {
  it("hears who signed in, with which company and when", async () => {
    const { browser, simulator, companyId, entries } = await startAuditedApp();
    await signIn(browser, simulator);
    const [entry, ...others] = entries();
    expect(entry).toEqual({
      at: expect.any(Date),
      actor: "ada",
      companyId,
      companyRef: null,
      action: "sign_in",
    });
    expect(Math.abs(Date.now() - entry!.at.getTime())).toBeLessThan(60_000);
    expect(others).toEqual([]);
  });

  it("hears nothing of a sign-in that fails", async () => {
    const { browser, entries } = await startAuditedApp();
    await browser.visit("/auth/aircall/callback?code=abc&state=def");
    expect(entries()).toEqual([]);
  });

  it("hears of every company that a logout ends, and who left", async () => {
    const { browser, simulator, companyId, otherId, entries, signedIn } = await startAuditedApp();
    await signedIn();
    await signIn(browser, simulator, { at: "/auth/aircall?add=1", companyId: otherId });
    entries();
    await browser.submit("/auth/aircall/logout");
    const told = entries();
    expect(told).toMatchObject(Array(2).fill({ actor: "ada", action: "disconnect" }));
    expect(new Set(told.map(({ companyId }) => companyId))).toEqual(new Set([companyId, otherId]));
  });

  it("hears of no disconnection at the logout of somebody who leaves the company's grant behind", async () => {
    const { browser, entries, signedIn } = await startAuditedApp({ hold: "company" });
    await signedIn();
    await browser.submit("/auth/aircall/logout");
    expect(entries()).toEqual([]);
  });

  it("hears of a visitor's disconnect()", async () => {
    const { browser, companyId, entries, signedIn } = await startAuditedApp();
    await signedIn();
    await browser.agent.post("/disconnect");
    expect(entries()).toMatchObject([{ actor: "ada", companyId, action: "disconnect" }]);
    await browser.agent.post("/disconnect");
    expect(entries()).toEqual([]);
  });

  it("hears of disconnectCompany(), in the name of the request it is given", async () => {
    const { app, browser, companyId, entries, signedIn } = await startAuditedApp({ hold: "company" });
    await signedIn();
    await app.auth.disconnectCompany(companyId);
    expect(entries()).toMatchObject([{ actor: null, companyId, action: "disconnect" }]);

    await signedIn();
    app.app.post("/end", async (req, res) => {
      res.json(await app.auth.disconnectCompany(companyId, { req }));
    });
    await browser.agent.post("/end").expect(200);
    expect(entries()).toMatchObject([{ actor: "ada", companyId, action: "disconnect" }]);
    expect(await app.auth.disconnectCompany(companyId)).toBe(0);
    expect(entries()).toEqual([]);
  });

  it("hears of keys that come and go, and never the key", async () => {
    const simulator = await startSimulator();
    const trail: AuditEntry[] = [];
    const kept = { authScheme: "Basic" as const, grants: memoryGrants(), hold: "company" as const };
    const { user, password, apiUrl } = simulator.basic;
    const auth = aircallAuth({ ...kept, apiUrl, actor: () => "ada", onAudit: (entry) => trail.push(entry) });
    const req = { get: () => undefined } as unknown as Request;
    await auth.connectKey({ ref: "tenant-1" }, { user, password }, { req });
    await auth.disconnectKey({ ref: "tenant-1" });
    await auth.close();
    expect(trail).toMatchObject([
      { action: "key_connected", companyId: null, companyRef: "tenant-1", actor: "ada" },
      { action: "key_removed", companyId: null, companyRef: "tenant-1", actor: null },
    ]);
    expect(JSON.stringify(trail)).not.toContain(password);
  });

  describe("of what is done in Aircall", () => {
    const to = "+33987654321";

    async function startDialler() {
      const world = await startAuditedApp({ hold: "company" });
      const { users, numbers } = world.simulator.companies[0];
      await world.signedIn();
      const dialled = (dial: (aircall: AircallClient) => Promise<unknown>) =>
        dial(world.app.auth.clientFor(world.companyId));
      world.app.app.post("/dial", async (req, res) => {
        res.json(await req.aircall.users.startCall(users[0]!.id, { number_id: numbers[0]!.id, to }));
      });
      return { ...world, dialled, user: users[0]!.id, number_id: numbers[0]!.id };
    }

    it("hears who dialled, and never the number", async () => {
      const { browser, companyId, simulator, entries } = await startDialler();
      simulator.fail({ match: { method: "POST" }, status: 204, times: 1 });
      await browser.agent.post("/dial");
      const told = entries();
      expect(told).toMatchObject([{ actor: "ada", companyId, action: "dial" }]);
      expect(JSON.stringify(told)).not.toContain(to.slice(1));
    });

    it.each<[string, (aircall: AircallClient, user: number, number_id: number) => Promise<unknown>]>([
      ["users.startCall", (aircall, user, number_id) => aircall.users.startCall(user, { number_id, to })],
      ["users.dial", (aircall, user) => aircall.users.dial(user, { to })],
      ["request()", (aircall, user) => aircall.request("POST", `/v1/users/${user}/dial`, { body: { to } })],
      [
        "aiVoiceAgents.startCall",
        (aircall) => aircall.aiVoiceAgents.startCall("agent-1", { contact_phone: to, idempotency_key: "1" }),
      ],
    ])("hears of %s in a job", async (_, dial) => {
      const { dialled, user, number_id, companyId, simulator, entries } = await startDialler();
      simulator.fail({ match: { method: "POST" }, status: 204, times: 1 });
      await dialled((aircall) => dial(aircall, user, number_id));
      expect(entries()).toMatchObject([{ actor: null, companyId, action: "dial" }]);
    });

    it("hears of a call whose answer was lost, and not of one that Aircall refused", async () => {
      const { dialled, user, simulator, entries } = await startDialler();
      simulator.fail({ match: { method: "POST" }, status: 500, times: 1 });
      await expect(dialled((aircall) => aircall.users.dial(user, { to }))).rejects.toThrow();
      expect(entries()).toHaveLength(1);
      simulator.fail({ match: { method: "POST" }, status: 405, times: 1 });
      await expect(dialled((aircall) => aircall.users.dial(user, { to }))).rejects.toThrow();
      expect(entries()).toEqual([]);
    });

    it("hears of a recording that was opened, and not of reading or writing else", async () => {
      const { dialled, companyId, simulator, entries } = await startDialler();
      const { id } = simulator.companies[0].calls.find(({ recording }) => recording !== null)!;
      await dialled(async (aircall) => {
        await aircall.calls.get(id);
        await aircall.calls.archive(id);
        (await aircall.calls.recording(id)).body.destroy();
        await turn();
      });
      expect(entries()).toMatchObject([{ actor: null, companyId, action: "recording_opened" }]);
    });
  });

  const start = useSignInApps();
  it("hears of sign-ins by Passport", async () => {
    const trail: AuditEntry[] = [];
    const audited = { onAudit: (entry: AuditEntry) => trail.push(entry), actor: () => "ada" };
    const app = await start((express, settings) => {
      const passport = createPassport(new AircallStrategy(settings));
      express.use(aircallAuth({ ...settings, ...audited }), passport.session());
      express.get("/auth/aircall", passport.authenticate());
      express.get("/auth/aircall/callback", passport.authenticate({ successRedirect: "/" }));
    });
    await app.signIn(app.visitor());
    expect(trail).toMatchObject([{ actor: "ada", companyId: app.simulator.companies[0].id, action: "sign_in" }]);
  });
});

describe("a trail that fails", () => {
  const told: unknown[] = [];
  const warnings: string[] = [];
  const listen = (message: unknown) => void told.push(message);

  beforeEach(() => {
    told.length = warnings.length = 0;
    subscribe("express-aircall:hook-failure", listen);
    jest.spyOn(process, "emitWarning").mockImplementation((warning) => void warnings.push(String(warning)));
  });
  afterEach(() => {
    unsubscribe("express-aircall:hook-failure", listen);
    jest.restoreAllMocks();
  });

  it.each<[string, AircallAuthOptions["onAudit"]]>([
    ["throws", () => fail()],
    ["rejects", () => Promise.reject(new Error("s3cret"))],
  ])("because onAudit %s lets everything be done, and says so without a secret", async (_, onAudit) => {
    const { browser, simulator } = await startAuditedApp({ onAudit });
    await signIn(browser, simulator);
    expect((await browser.visit("/calls")).status).toBe(200);
    expect((await browser.submit("/auth/aircall/logout")).status).toBe(303);
    await turn();
    expect(told).toEqual([{ hook: "onAudit" }, { hook: "onAudit" }]);
    expect(warnings).toEqual([expect.stringContaining("onAudit failed")]);
    expect(warnings.join()).not.toContain("s3cret");
  });

  it.each<[string, () => unknown]>([
    ["throws", fail],
    ["answers no text", () => 7],
  ])("because actor %s tells of nobody", async (_, actor) => {
    const { browser, simulator, entries } = await startAuditedApp({ actor: actor as () => string });
    await signIn(browser, simulator);
    expect(entries()).toMatchObject([{ actor: null, action: "sign_in" }]);
    expect(told).toEqual([{ hook: "actor" }]);
  });

  function fail(): never {
    throw new Error("s3cret");
  }
});

describe("aircallAuth()", () => {
  const basic = { user: "id", password: "token" };

  it.each<[string, object, string]>([
    ["a trail that is no function", { onAudit: "trail.log" }, "onAudit must be a function; got text."],
    ["an actor that is no function", { onAudit: () => 1, actor: "ada" }, "actor must be a function; got text."],
    ["an actor without a trail", { actor: () => "ada" }, "actor says who acts, for onAudit"],
    ["a misspelled one", { onAudits: () => 1 }, 'Did you mean "onAudit"?'],
  ])("refuses %s", (_, options, message) => {
    expect(() => aircallAuth({ ...basic, ...options })).toThrow(message);
  });
});
