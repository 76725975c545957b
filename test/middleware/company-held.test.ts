import { memoryGrants, type AircallAuthOptions } from "express-aircall";
import { browserAt, countCalls, createConnectedApp, getAndRefresh, signIn } from "../support/apps/connected-app";
import { moveTime } from "../support/moved-time";
import { startSimulator } from "../support/servers/simulated";
import { watchGrants } from "../support/watched-grants";

const time = moveTime();

/** An app whose own users belong to companies: here the visitor says which in a header. */
async function startCompanyApp(options: Partial<AircallAuthOptions> = {}) {
  const simulator = await startSimulator();
  const grants = watchGrants();
  const app = createConnectedApp({ ...getAndRefresh(simulator), grants: grants.store, hold: "company", ...options });
  return { simulator, grants, app, companyId: simulator.companies[0].id, otherId: simulator.companies[1].id };
}

const byHeader: Partial<AircallAuthOptions> = { company: (req) => Number(req.get("x-company")) || null };

describe('aircallAuth({ hold: "company" })', () => {
  it("lets everyone work with the grant one administrator connected", async () => {
    const { app, simulator, companyId } = await startCompanyApp(byHeader);
    await signIn(browserAt(app), simulator);

    const colleague = browserAt(app).visit("/calls").set("X-Company", String(companyId));
    expect((await colleague).body).toEqual({ calls: 5 });
  });

  it("gives nothing to a request of another company, of none, or of one that never connected", async () => {
    const { app, simulator, otherId } = await startCompanyApp(byHeader);
    await signIn(browserAt(app), simulator);

    const { agent } = browserAt(app);
    expect((await agent.get("/calls").set("X-Company", String(otherId))).status).toBe(401);
    expect((await agent.get("/calls")).status).toBe(401);
  });

  it("keeps the grant when the administrator logs out", async () => {
    const { app, simulator, companyId } = await startCompanyApp(byHeader);
    const administrator = browserAt(app);
    await signIn(administrator, simulator);
    expect((await administrator.submit("/auth/aircall/logout")).status).toBe(303);

    expect((await browserAt(app).visit("/calls").set("X-Company", String(companyId))).status).toBe(200);
  });

  it("renews the one grant in place when the company is connected again, even after it was revoked", async () => {
    const { app, simulator, grants, companyId } = await startCompanyApp(byHeader);
    const colleague = () => browserAt(app).agent.get("/calls").set("X-Company", String(companyId));
    await signIn(browserAt(app), simulator);
    simulator.revoke(companyId);
    expect((await colleague()).status).toBe(503);
    time.pass(60_000);
    expect((await colleague()).body).toMatchObject({ error: "reconnect_required" });

    await signIn(browserAt(app), simulator);
    expect((await colleague()).status).toBe(200);
    expect(grants.ids).toHaveLength(1);
  });

  it("costs one read of the grant store a request", async () => {
    const { app, simulator, grants, companyId } = await startCompanyApp(byHeader);
    await signIn(browserAt(app), simulator);
    const visit = () => browserAt(app).visit("/calls").set("X-Company", String(companyId));
    await visit();
    grants.reads.length = 0;

    await visit();
    expect(grants.reads).toHaveLength(1);
  });

  it("without `company` links the grant to the session, and unlinks it at logout", async () => {
    const { app, simulator, grants } = await startCompanyApp();
    const browser = browserAt(app);
    await signIn(browser, simulator);
    expect((await browser.visit("/calls")).status).toBe(200);

    await browser.submit("/auth/aircall/logout");
    expect((await browser.agent.get("/calls")).status).toBe(401);
    expect(await grants.count()).toBe(1);
  });

  it("refuses to end through one visitor what belongs to all", async () => {
    const { app, companyId } = await startCompanyApp(byHeader);
    const refused = await browserAt(app).agent.post("/disconnect").set("X-Company", String(companyId));
    expect(refused.body).toMatchObject({
      code: "config_invalid",
      message: expect.stringContaining("disconnectCompany"),
    });
  });

  it.each<[string, object]>([
    ["an unknown holder", { hold: "everyone" }],
    ["company without the company holding", { hold: "session", company: () => 1 }],
    ["something else than a function", { company: 4711 }],
    ["no way to know the company", { skipUserProfile: true }],
  ])("refuses %s when the app starts", async (_, options) => {
    await expect(startCompanyApp(options)).rejects.toMatchObject({ code: "config_invalid" });
  });
});

describe("auth.clientFor", () => {
  it("works for a company without a request", async () => {
    const { app, simulator, companyId } = await startCompanyApp(byHeader);
    await signIn(browserAt(app), simulator);
    expect(await countCalls(app.auth.clientFor(companyId))).toBe(5);
  });

  it("needs to be given the grants, whatever a request has shown before", async () => {
    const simulator = await startSimulator();
    const { auth, ...app } = createConnectedApp(getAndRefresh(simulator));
    const companyId = simulator.companies[0].id;
    const refused = { code: "config_invalid", message: expect.stringMatching(/needs to know where grants are kept/) };
    for (const seen of ["nothing", "a sign-in"]) {
      if (seen === "a sign-in") await signIn(browserAt(app), simulator);
      expect(() => auth.clientFor(companyId)).toThrow(/^clientFor\(\) needs to know where grants are kept/);
      await expect(auth.disconnectCompany(companyId)).rejects.toMatchObject(refused);
    }
  });

  describe.each(["session", "company"] as const)('with hold: "%s"', (hold) => {
    async function startJob() {
      const world = await startCompanyApp({ hold });
      const { app, simulator, companyId } = world;
      const job = app.auth.clientFor(companyId);
      const work = () => countCalls(job).catch((error: { code: string }) => error.code);
      return { ...world, work, connect: () => signIn(browserAt(app), simulator) };
    }

    it("may be asked for before the company connects", async () => {
      const { work, connect } = await startJob();
      expect(await Promise.all([work(), work()])).toEqual(["not_connected", "not_connected"]);
      await connect();
      expect(await work()).toBe(5);
    });

    it("goes on when the company was disconnected and has connected again", async () => {
      const { app, companyId, work, connect } = await startJob();
      await connect();
      for (let round = 0; round < 3; round += 1) {
        expect(await work()).toBe(5);
        await app.auth.disconnectCompany(companyId);
        await connect();
      }
      expect(await work()).toBe(5);
    });

    it("goes on when the company was disconnected, noticed that, and has connected again", async () => {
      const { app, companyId, work, connect } = await startJob();
      await connect();
      expect(await work()).toBe(5);
      await app.auth.disconnectCompany(companyId);
      time.pass(10_000);
      expect(await work()).toBe("not_connected");
      await connect();
      expect(await work()).toBe(5);
    });

    it("goes on when the permission was revoked and has been given again", async () => {
      const { simulator, companyId, work, connect } = await startJob();
      await connect();
      expect(await work()).toBe(5);
      simulator.revoke(companyId);
      expect(await work()).toBe("token_refused");
      await connect();
      expect(await work()).toBe(5);
      simulator.revoke(companyId);
      expect(await work()).toBe("token_refused");
      time.pass(60_000);
      expect(await work()).toBe("reconnect_required");
      await connect();
      expect(await work()).toBe(5);
    });

    it("goes on within a request that finds its grant replaced", async () => {
      const { app, simulator, companyId, work, connect } = await startJob();
      await connect();
      expect(await work()).toBe(5);
      simulator.revoke(companyId);
      await app.auth.disconnectCompany(companyId);
      await connect();
      expect(await work()).toBe(5);
    });
  });

  it("rejects for a company that is not connected", async () => {
    const { app, otherId } = await startCompanyApp();
    await expect(app.auth.clientFor(otherId).ping()).rejects.toMatchObject({ code: "not_connected" });
  });

  it("is the app's own client with an API key", async () => {
    const simulator = await startSimulator();
    const { auth } = createConnectedApp(simulator.basic);
    expect(await auth.clientFor(1).ping()).toEqual({ ping: "pong" });
  });
});

describe("auth.disconnectCompany", () => {
  it("ends every grant of the company, and only of that one", async () => {
    const simulator = await startSimulator();
    const app = createConnectedApp({ ...getAndRefresh(simulator), grants: memoryGrants() });
    const [one, two] = simulator.companies;
    const [anna, ben, other] = [browserAt(app), browserAt(app), browserAt(app)];
    await signIn(anna, simulator, { companyId: one.id });
    await signIn(ben, simulator, { companyId: one.id });
    await signIn(other, simulator, { companyId: two.id });

    expect(await app.auth.disconnectCompany(one.id)).toBe(2);
    const statuses = await Promise.all([anna, ben, other].map(async ({ agent }) => (await agent.get("/calls")).status));
    expect(statuses).toEqual([401, 401, 200]);
  });
});

describe("req.aircall.accounts", () => {
  it("lists what the session has connected, the latest first, without the revoked", async () => {
    const simulator = await startSimulator();
    const routes = (app: import("express").Express) =>
      app.get("/accounts", async (req, res) => void res.json(await req.aircall.accounts()));
    const app = createConnectedApp(getAndRefresh(simulator), { routes });
    const [one, two] = simulator.companies;
    const browser = browserAt(app);
    const names = async () => ((await browser.visit("/accounts")).body as { name: string }[]).map(({ name }) => name);
    expect(await names()).toEqual([]);

    await signIn(browser, simulator, { companyId: one.id });
    await signIn(browser, simulator, { companyId: two.id, at: "/auth/aircall?add=1" });
    expect(await names()).toEqual([two.name, one.name]);

    simulator.revoke(two.id);
    await browser.visit("/open");
    time.pass(60_000);
    await browser.visit("/open");
    expect(await names()).toEqual([one.name]);
  });
});

describe("aircallAuth({ disableOnDisconnect })", () => {
  const disabled = ({ path }: { path: string }) => path === "/v1/integrations/disable";

  it.each(["/auth/aircall/logout", "/disconnect"])("tells Aircall at %s, before the grant ends", async (path) => {
    const simulator = await startSimulator();
    const app = createConnectedApp({ ...getAndRefresh(simulator), disableOnDisconnect: true });
    const browser = browserAt(app);
    await signIn(browser, simulator);

    await browser.submit(path);
    expect(simulator.requests.filter(disabled)).toMatchObject([{ authorization: "Bearer", status: 204 }]);
    expect((await browser.agent.get("/calls")).status).toBe(401);
  });

  it("logs out all the same when Aircall does not listen", async () => {
    const simulator = await startSimulator();
    const app = createConnectedApp({ ...getAndRefresh(simulator), disableOnDisconnect: true });
    const browser = browserAt(app);
    await signIn(browser, simulator);
    simulator.fail({ match: { path: "/v1/integrations/disable" }, status: 500 });

    expect((await browser.submit("/auth/aircall/logout")).status).toBe(303);
    expect((await browser.agent.get("/calls")).status).toBe(401);
  });
});
