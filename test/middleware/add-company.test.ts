import { aircallErrors, type AircallAuthOptions } from "express-aircall";
import type { Browser } from "../support/browser/browser";
import { browserAt, createConnectedApp, getAndRefresh, signIn } from "../support/apps/connected-app";
import { moveTime } from "../support/moved-time";
import { startSimulator } from "../support/servers/simulated";
import { watchGrants } from "../support/watched-grants";

const time = moveTime();
const sentAway = "/auth/aircall?return_to=%2Fcalls";

describe("a session with two companies, the current one revoked", () => {
  it.each(["/calls", "/open"])("adds to the other one, where %s sends people to sign in", async (path) => {
    const { browser, simulator, first, second } = await startWithTwo();
    simulator.revoke(second.id);
    await refusedForAMinute(browser);
    const { location } = (await browser.visit(path)).headers;
    expect(location).toBe(`/auth/aircall?return_to=${encodeURIComponent(path)}&add=1&reason=revoked`);
    await signIn(browser, simulator, { at: location!, companyId: second.id });
    expect((await browser.visit("/accounts")).body).toMatchObject([{ id: second.id }, { id: first.id }]);
  });

  it("says so to those that no person waits for", async () => {
    const { browser, simulator, second } = await startWithTwo();
    simulator.revoke(second.id);
    await refusedForAMinute(browser);
    const { body } = await browser.agent.get("/open");
    expect(body).toMatchObject({ error: "reconnect_required", signInPath: "/auth/aircall?add=1" });
  });

  it("replaces where both are revoked, and where the other was disconnected", async () => {
    const both = await startWithTwo();
    for (const { id } of [both.first, both.second]) both.simulator.revoke(id);
    await refusedForAMinute(both.browser, [`/as/${both.first.id}`, `/as/${both.second.id}`]);
    expect((await both.browser.visit("/calls")).headers["location"]).toBe(`${sentAway}&reason=revoked`);

    const other = await startWithTwo();
    await other.browser.submit("/disconnect");
    other.simulator.revoke(other.first.id);
    await refusedForAMinute(other.browser);
    expect((await other.browser.visit("/calls")).headers["location"]).toBe(`${sentAway}&reason=revoked`);
  });

  it("is told that the store is away, and not sent to drop what cannot be seen", async () => {
    const grants = watchGrants();
    const { browser, simulator, second } = await startWithTwo({ grants: grants.store });
    simulator.revoke(second.id);
    await refusedForAMinute(browser);
    const get = grants.store.get.bind(grants.store);
    grants.store.get = async (id) => {
      if (id === grants.ids[0]) throw Object.assign(new Error("away"), { status: 503 });
      return get(id);
    };
    expect((await browser.visit("/calls")).status).toBe(503);
  });
});

describe("a session with one company", () => {
  it("is sent without add, and asks the store for nothing more", async () => {
    const grants = watchGrants();
    const simulator = await startSimulator();
    const browser = browserAt(createConnectedApp({ ...getAndRefresh(simulator), grants: grants.store }));
    await signIn(browser, simulator);
    await grants.wipe();
    let reads = 0;
    const get = grants.store.get.bind(grants.store);
    grants.store.get = (id) => {
      reads++;
      return get(id);
    };
    expect((await browser.visit("/calls")).headers["location"]).toBe(sentAway);
    expect(reads).toBe(1);
  });
});

describe("aircallErrors({ signInPath }) and a connection that has ended", () => {
  it.each([
    ["/login", "/login?return_to=%2Fopen", "&reason=revoked"],
    ["/login?theme=dark", "/login?theme=dark&return_to=%2Fopen", "&reason=revoked"],
    ["/login#form", "/login?return_to=%2Fopen#form", "&reason=revoked#form"],
    ["/login?return_to=/home", "/login?return_to=/home", "&reason=revoked"],
    ["https://id.example/in?app=7#x", "https://id.example/in?app=7#x", "&reason=revoked#x"],
    ["//id.example/in?app=7", "//id.example/in?app=7", "&reason=revoked"],
    ["/\\id.example/in?app=7", "/\\id.example/in?app=7", "&reason=revoked"],
  ])("gives the reason at %s, and the page to those of this site", async (signInPath, before, more) => {
    const simulator = await startSimulator();
    const connected = createConnectedApp(getAndRefresh(simulator), {
      routes: (app) => app.use(aircallErrors({ signInPath })),
    });
    const browser = browserAt(connected);
    expect((await browser.visit("/open")).headers["location"]).toBe(before);
    await signIn(browser, simulator);
    simulator.revoke(simulator.companies[0].id);
    await refusedForAMinute(browser);
    expect((await browser.visit("/open")).headers["location"]).toBe(before.replace(/#.*|$/, more));
  });
});

/** From the first refusal until the next one, which shows that it does not pass. */
async function refusedForAMinute(browser: Browser, paths = ["/open"]): Promise<void> {
  for (const path of paths) expect((await browser.agent.get(path)).status).toBe(503);
  time.pass(60_000);
  for (const path of paths) expect((await browser.agent.get(path)).status).toBe(401);
}

async function startWithTwo(changes: Partial<AircallAuthOptions> = {}) {
  const simulator = await startSimulator();
  const connected = createConnectedApp(
    { ...getAndRefresh(simulator), ...changes },
    {
      routes: (app) => {
        app.get("/accounts", async (req, res) => void res.json(await req.aircall.accounts()));
        app.get("/as/:id", async (req, res) => void res.json(await req.aircall.as(+req.params.id).integrations.me()));
      },
    },
  );
  const browser = browserAt(connected);
  const [first, second] = simulator.companies;
  await signIn(browser, simulator, { companyId: first.id });
  await signIn(browser, simulator, { companyId: second.id, at: "/auth/aircall?add=1" });
  return { browser, simulator, first, second };
}
