import type { Request } from "express";
import {
  aircallAuth,
  memoryGrants,
  type AircallAuthOptions,
  type ConnectedEvent,
  type DisconnectedEvent,
  type HookFailure,
} from "express-aircall";
import { companyListening, type CompanyListener } from "../../../src/connections/company-listener";
import { browserAt, createConnectedApp, getAndRefresh, signIn } from "../../support/apps/connected-app";
import { startSimulator } from "../../support/servers/simulated";

/** An app with hooks, and what they were told. */
async function startHookedApp(options: Partial<AircallAuthOptions> = {}) {
  const simulator = await startSimulator();
  const connected: ConnectedEvent[] = [];
  const disconnected: DisconnectedEvent[] = [];
  const failures: [error: unknown, failure: HookFailure][] = [];
  const hooks: Partial<AircallAuthOptions> = {
    onConnect: (event) => connected.push(event),
    onDisconnect: (event) => disconnected.push(event),
    onHookError: (...failed) => failures.push(failed),
  };
  const grants = memoryGrants();
  const app = createConnectedApp({ ...getAndRefresh(simulator), grants, ...hooks, ...options });
  const [{ id: companyId }] = simulator.companies;
  return { simulator, app, grants, browser: browserAt(app), companyId, connected, disconnected, failures };
}

describe("onConnect and onDisconnect", () => {
  it("are told of who signs in, before the redirect leaves, with a client, and of who logs out", async () => {
    const told: string[] = [];
    const { browser, simulator, companyId, disconnected } = await startHookedApp({
      async onConnect({ id, account, companyRef, client, first, reason, req }) {
        const { items } = await client.calls.list({ per_page: 1 });
        told.push(JSON.stringify([typeof id, account.id, companyRef, items.length, first, reason, req?.path]));
      },
    });
    const { status } = await signIn(browser, simulator);
    expect(status).toBe(302);
    expect(told).toEqual([JSON.stringify(["string", companyId, null, 1, true, "sign_in", "/auth/aircall/callback"])]);

    await browser.submit("/auth/aircall/logout");
    await turns();
    expect(disconnected).toEqual([
      { id: expect.any(String) as string, companyId, companyRef: null, reason: "disconnected" },
    ]);
  });

  it("are told of a company's last session only that it has left", async () => {
    const { app, browser, simulator, connected, disconnected } = await startHookedApp();
    const other = browserAt(app);
    await signIn(browser, simulator);
    await signIn(other, simulator);
    expect(connected).toMatchObject([{ first: true }, { first: false }]);
    await browser.agent.post("/disconnect").expect(200);
    await turns();
    expect(disconnected).toEqual([]);
    await other.submit("/auth/aircall/logout");
    await turns();
    expect(disconnected).toHaveLength(1);
  });

  it("are told once of a company whose grants disconnectCompany() ends together", async () => {
    const { app, simulator, companyId, disconnected } = await startHookedApp();
    for (let n = 0; n < 3; n += 1) await signIn(browserAt(app), simulator);
    expect(await app.auth.disconnectCompany(companyId)).toBe(3);
    await turns();
    expect(disconnected).toMatchObject([{ companyId, reason: "disconnected" }]);
  });

  it("are told of keys that come and go, with the request that brought one, and never the key", async () => {
    const simulator = await startSimulator();
    const told: unknown[] = [];
    const { user, password, apiUrl } = simulator.basic;
    const auth = aircallAuth({
      ...{ authScheme: "Basic", hold: "company", grants: memoryGrants(), apiUrl },
      onConnect: async ({ client, account, companyRef, reason, req }) => {
        const { items } = await client.users.list();
        told.push([account.id, companyRef, reason, items.length > 0, req?.url]);
      },
      onDisconnect: ({ id: _id, ...event }) => told.push(event),
    });
    const req = { url: "/keys" } as Request;
    await auth.connectKey({ ref: "tenant-1" }, { user, password }, { req });
    await auth.disconnectKey({ ref: "tenant-1" });
    await auth.close();
    expect(told).toEqual([
      [null, "tenant-1", "key", true, "/keys"],
      { companyId: null, companyRef: "tenant-1", reason: "disconnected" },
    ]);
    expect(JSON.stringify(told)).not.toContain(password);
  });

  it("keep a sign-in whose hook fails, and say why", async () => {
    const { browser, simulator, companyId, failures } = await startHookedApp({
      onConnect: () => Promise.reject(new Error("the app's own")),
    });
    await signIn(browser, simulator);
    expect((await browser.visit("/calls")).status).toBe(200);
    const [[error, failure]] = failures as [[Error, HookFailure]];
    expect(error.message).toBe("the app's own");
    expect(failure).toEqual({
      hook: "onConnect",
      id: expect.any(String) as string,
      ...{ companyId, companyRef: null, attempt: 1, final: false },
    });
  });

  it("warn once of a hook that fails where nobody hears of it", async () => {
    const warnings: string[] = [];
    const warning = jest
      .spyOn(process, "emitWarning")
      .mockImplementation((message) => void warnings.push(String(message)));
    const { browser, simulator } = await startHookedApp({
      onConnect: () => Promise.reject(new Error("of the app")),
      onHookError: undefined,
    });
    for (let n = 0; n < 2; n += 1) await signIn(browser, simulator);
    warning.mockRestore();
    expect(warnings.filter((text) => text.includes("onHookError"))).toHaveLength(1);
  });

  it("may themselves disconnect whom they are told of", async () => {
    const told: string[] = [];
    const { app, browser, simulator, companyId } = await startHookedApp({
      async onConnect() {
        told.push(`ended ${await app.auth.disconnectCompany(companyId)}`);
      },
      onDisconnect: ({ reason }) => told.push(reason),
    });
    await signIn(browser, simulator);
    await turns();
    expect(told.sort()).toEqual(["disconnected", "ended 1"]);
  });

  it("are waited for by close()", async () => {
    let done = false;
    const { app, browser, simulator, companyId } = await startHookedApp({
      onDisconnect: async () => {
        await turns();
        done = true;
      },
    });
    await signIn(browser, simulator);
    await app.auth.disconnectCompany(companyId);
    await app.auth.close();
    expect(done).toBe(true);
  });

  it("have other parts of the library hear of the same", async () => {
    const { app, browser, simulator, connected } = await startHookedApp();
    const told: unknown[] = [];
    const listener: CompanyListener = {
      name: "webhooks",
      connected: ({ company }) => told.push(company),
      disconnected: ({ company }) => told.push({ left: company }),
      failed: (error) => told.push(error),
    };
    const leave = app.auth[companyListening]!(listener);
    await signIn(browser, simulator);
    await browser.submit("/auth/aircall/logout");
    await leave();
    await signIn(browserAt(app), simulator);
    const [{ id }] = simulator.companies;
    expect(told).toEqual([id, { left: id }]);
    expect(connected).toHaveLength(2);
  });
});

/** What nobody waits for has been done. */
async function turns(): Promise<void> {
  for (let n = 0; n < 50; n += 1) await new Promise(setImmediate);
}
