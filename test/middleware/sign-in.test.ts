import request from "supertest";
import { aircallAuth, type AircallAuthOptions, type Arrival } from "express-aircall";
import { pathOf } from "../support/browser/browser";
import { browserAt, createConnectedApp, getAndRefresh, origin, signIn } from "../support/apps/connected-app";
import { moveTime } from "../support/moved-time";
import { startSimulator } from "../support/servers/simulated";
import { watchGrants } from "../support/watched-grants";

const time = moveTime();

describe("signing in by the library's own routes", () => {
  it("takes a visitor from a page to Aircall and back to that page, connected", async () => {
    const simulator = await startSimulator();
    const browser = browserAt(createConnectedApp(getAndRefresh(simulator)));
    const sentAway = await browser.visit("/calls?from=1&q=a%20b");
    const back = await signIn(browser, simulator, { at: sentAway.headers["location"]! });
    expect([back.status, back.headers["location"]]).toEqual([302, `${origin}/calls?from=1&q=a%20b`]);
    expect((await browser.visit("/calls?from=1&q=a%20b")).body).toEqual({ calls: 5 });
    expect((await browser.visit("/account")).body).toMatchObject({ id: simulator.companies[0].id });
  });

  it("ends at home when no page was asked for", async () => {
    const simulator = await startSimulator();
    const browser = browserAt(createConnectedApp(getAndRefresh(simulator)));
    expect((await signIn(browser, simulator)).headers["location"]).toBe(`${origin}/`);
  });

  it.each(["//evil.example/x", "https://evil.example", "/\\evil.example", "/.//evil.example", "javascript:alert(1)"])(
    "never returns to %s",
    async (wanted) => {
      const simulator = await startSimulator();
      const browser = browserAt(createConnectedApp(getAndRefresh(simulator)));
      const at = `/auth/aircall?return_to=${encodeURIComponent(wanted)}`;
      expect((await signIn(browser, simulator, { at })).headers["location"]).toBe(`${origin}/`);
    },
  );

  it("ends at Aircall's own success page when begun from its dashboard", async () => {
    const simulator = await startSimulator();
    const browser = browserAt(createConnectedApp(getAndRefresh(simulator)));
    const back = await signIn(browser, simulator, { at: "/auth/aircall/install?return_to=/calls" });
    expect(back.headers["location"]).toBe(`${simulator.url}/oauth/success`);
    expect((await fetch(back.headers["location"]!)).status).toBe(200);
    expect((await browser.visit("/calls")).status).toBe(200);
  });

  it.each(["post", "head"] as const)("sends no code for a %s on the callback's path", async (method) => {
    const simulator = await startSimulator();
    const browser = browserAt(createConnectedApp(getAndRefresh(simulator)));
    const sentAway = await browser.visit("/auth/aircall");
    const callback = pathOf(simulator.consent(sentAway.headers["location"]!));

    expect((await browser.agent[method](callback)).status).toBe(405);
    expect(simulator.counts.tokenRequests).toBe(0);
    expect((await browser.visit(callback)).status).toBe(302);
  });

  it("says what was decided when the administrator said no", async () => {
    const simulator = await startSimulator();
    const browser = browserAt(createConnectedApp(getAndRefresh(simulator)));
    const sentAway = await browser.visit("/auth/aircall");
    const answer = await browser.visit(pathOf(simulator.consent(sentAway.headers["location"]!, { deny: true })));
    expect([answer.status, answer.body]).toMatchObject([403, { code: "sign_in_denied", oauthError: "access_denied" }]);
    expect((await browser.visit("/account")).body).toBeNull();
  });

  it("sends a visitor whose grant was revoked to sign in again after a minute, and then works", async () => {
    const simulator = await startSimulator();
    const browser = browserAt(createConnectedApp(getAndRefresh(simulator)));
    await signIn(browser, simulator);
    simulator.revoke(simulator.companies[0].id);
    expect((await browser.visit("/calls")).status).toBe(503);
    time.pass(60_000);
    const first = await browser.visit("/calls");
    expect([first.status, first.headers["location"]]).toEqual([302, "/auth/aircall?return_to=%2Fcalls&reason=revoked"]);
    expect((await browser.agent.get("/calls")).body).toMatchObject({ error: "reconnect_required" });
    expect((await browser.visit("/account")).body).toBeNull();
    await signIn(browser, simulator, { at: first.headers["location"]! });
    expect((await browser.visit("/calls")).status).toBe(200);
  });

  it("ignores what Host and X-Forwarded-* claim", async () => {
    const simulator = await startSimulator();
    const { app } = createConnectedApp(getAndRefresh(simulator));
    const spoofed = { Host: "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https" };
    const answer = await request(app)
      .get("/auth/aircall")
      .set({ Accept: "text/html", ...spoofed });
    const { searchParams } = new URL(answer.headers["location"]!);
    expect(searchParams.get("redirect_uri")).toBe(`${origin}/auth/aircall/callback`);
  });
});

describe("who may connect", () => {
  it("asks verify, with the account, the tokens and the request", async () => {
    const simulator = await startSimulator();
    const arrivals: Arrival[] = [];
    const verify = (arrival: Arrival) => arrivals.push(arrival);
    const browser = browserAt(createConnectedApp({ ...getAndRefresh(simulator), verify }));
    await signIn(browser, simulator);
    expect(arrivals).toMatchObject([{ account: { id: simulator.companies[0].id }, tokens: { refreshToken: null } }]);
    expect(arrivals[0]?.req.path).toBe("/auth/aircall/callback");
  });

  it.each([
    ["verify says no", { verify: () => false }, "sign_in_refused", 403, "app: `verify` gave a falsy answer."],
    ["verify says nothing", { verify: () => undefined }, "sign_in_refused", 403, "app: `verify` gave a falsy answer."],
    ["the list leaves it out", { companies: [1, 2] }, "sign_in_refused", 403, "app: `companies` does not list it."],
    ["verify fails", { verify: () => Promise.reject(new Error("mine")) }, undefined, 500, undefined],
  ])("keeps nothing when %s, and says which refused", async (_why, options, code, status, reason) => {
    const simulator = await startSimulator();
    const grants = watchGrants();
    const connected = createConnectedApp({ ...getAndRefresh(simulator), ...options, grants: grants.store });
    const browser = browserAt(connected);
    const answer = await signIn(browser, simulator);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.body.message).toEqual(reason && expect.stringContaining(reason));
    expect([grants.ids.length, await connected.sessions()]).toEqual([0, 0]);
    expect((await browser.visit("/account")).body).toBeNull();
  });

  it("lets the companies on the list in", async () => {
    const simulator = await startSimulator();
    const companies = [simulator.companies[1].id];
    const browser = browserAt(createConnectedApp({ ...getAndRefresh(simulator), companies }));
    await signIn(browser, simulator, { companyId: companies[0]! });
    expect((await browser.visit("/account")).body).toMatchObject({ id: companies[0] });
  });

  const pointless: [string, "OFF" | "REFRESH", AircallAuthOptions][] = [
    ["verify", "REFRESH", { verify: () => true }],
    ["verify", "OFF", { verify: () => true }],
    ["companies", "REFRESH", { companies: [1] }],
    ["companies", "OFF", { companies: [1] }],
  ];

  it.each(pointless)("refuses %s with %s, where nobody would ask", async (_option, initiateOAuth, options) => {
    const settings = { ...getAndRefresh(await startSimulator()), ...options, initiateOAuth };
    expect(() => aircallAuth(settings)).toThrow(/AircallStrategy/);
  });
});

describe("several companies", () => {
  it("adds one with add=1, and as() speaks for each", async () => {
    const simulator = await startSimulator();
    const [first, second, third] = simulator.companies.map(({ id }) => id) as [number, number, number];
    const connected = createConnectedApp(getAndRefresh(simulator), {
      routes: (app) =>
        app.get("/as/:id", async (req, res) => void res.json(await req.aircall.as(+req.params.id).integrations.me())),
    });
    const browser = browserAt(connected);
    await signIn(browser, simulator, { companyId: first });
    await signIn(browser, simulator, { companyId: second, at: "/auth/aircall?add=1" });
    expect((await browser.visit("/account")).body).toMatchObject({ id: second });
    for (const id of [first, second]) expect((await browser.visit(`/as/${id}`)).body).toMatchObject({ company_id: id });
    expect((await browser.agent.get(`/as/${third ?? 1}`)).body).toMatchObject({ error: "not_connected" });
  });

  it.each(["/auth/aircall", "/auth/aircall?add=0", "/auth/aircall?add=1&add=1"])(
    "replaces the one before by %s, whose grant ends",
    async (at) => {
      const simulator = await startSimulator();
      const grants = watchGrants();
      const browser = browserAt(createConnectedApp({ ...getAndRefresh(simulator), grants: grants.store }));
      await signIn(browser, simulator);
      await signIn(browser, simulator, { companyId: simulator.companies[1].id, at });
      expect((await browser.visit("/account")).body).toMatchObject({ id: simulator.companies[1].id });
      expect([grants.ids.length, await grants.count()]).toEqual([2, 1]);
    },
  );

  it("goes on with the one before when the current one is disconnected", async () => {
    const simulator = await startSimulator();
    const [first, second] = simulator.companies;
    const browser = browserAt(createConnectedApp(getAndRefresh(simulator)));
    await signIn(browser, simulator);
    await signIn(browser, simulator, { companyId: second.id, at: "/auth/aircall?add=1" });
    await browser.submit("/disconnect");
    expect((await browser.visit("/account")).body).toMatchObject({ id: first.id });
    await browser.submit("/disconnect");
    expect((await browser.visit("/account")).body).toBeNull();
    expect((await browser.submit("/disconnect")).status).toBe(200);
  });
});
