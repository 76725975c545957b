import type { RequestListener } from "node:http";
import request from "supertest";
import { aircallAuth, requireAircall, type AircallAuth } from "express-aircall";
import type { Simulator } from "express-aircall/simulator";
import { createBrowser, pathOf } from "../support/browser";
import { browserAt, createConnectedApp, getAndRefresh, origin, signIn } from "../support/connected-app";
import { startSimulator } from "../support/simulated";

describe("mounted at /crm", () => {
  it("signs in, returns to the page and signs out below it", async () => {
    const simulator = await startSimulator();
    const browser = browserAt(createConnectedApp(getAndRefresh(simulator, "/crm"), { mount: "/crm" }));
    const sentAway = await browser.visit("/crm/calls?x=1");
    expect(sentAway.headers["location"]).toBe("/crm/auth/aircall?return_to=%2Fcrm%2Fcalls%3Fx%3D1");
    const back = await signIn(browser, simulator, { at: sentAway.headers["location"]! });
    expect(back.headers["location"]).toBe(`${origin}/crm/calls?x=1`);
    expect((await browser.visit("/crm/calls")).body).toEqual({ calls: 5 });
    const out = await browser.submit("/crm/auth/aircall/logout");
    expect([out.status, out.headers["location"]]).toEqual([303, `${origin}/crm/`]);
    expect((await browser.visit("/crm/account")).body).toBeNull();
  });

  it("serves no routes outside", async () => {
    const simulator = await startSimulator();
    const browser = browserAt(createConnectedApp(getAndRefresh(simulator, "/crm"), { mount: "/crm" }));
    expect((await browser.visit("/auth/aircall")).status).toBe(404);
  });

  it("says so before anybody is sent away when the callback is not below it", async () => {
    const simulator = await startSimulator();
    const browser = browserAt(createConnectedApp(getAndRefresh(simulator), { mount: "/crm" }));
    const answer = await browser.visit("/crm/auth/aircall");
    expect([answer.status, answer.body]).toMatchObject([500, { code: "config_invalid" }]);
    expect(answer.body.message).toMatch(/\/auth\/aircall\/callback is not below \/crm/);
  });
});

describe("behind a proxy that strips a prefix", () => {
  it("keeps the prefix in every address the browser sees", async () => {
    const simulator = await startSimulator();
    const settings = { ...getAndRefresh(simulator, "/public"), callbackPath: "/auth/aircall/callback" };
    const browser = browserBehindProxy(createConnectedApp(settings).app, "/public");
    const sentAway = await browser.visit("/public/calls");
    expect(sentAway.headers["location"]).toBe("/public/auth/aircall?return_to=%2Fpublic%2Fcalls");
    const back = await signIn(browser, simulator, { at: sentAway.headers["location"]! });
    expect(back.headers["location"]).toBe(`${origin}/public/calls`);
    expect((await browser.visit("/public/calls")).body).toEqual({ calls: 5 });
    expect((await browser.submit("/public/auth/aircall/logout")).headers["location"]).toBe(`${origin}/public/`);
  });

  function browserBehindProxy(app: RequestListener, prefix: string) {
    const proxy: RequestListener = (req, res) => {
      req.url = req.url!.slice(prefix.length);
      app(req, res);
    };
    const browser = createBrowser(proxy);
    browser.agent.set("Host", new URL(origin).host);
    return browser;
  }
});

describe("two apps in one process", () => {
  it("share nothing: cookies of one open no door of the other", async () => {
    const [one, other] = [await startConnected(), await startConnected()];
    const browser = browserAt(one.connected);
    const signedIn = await signIn(browser, one.simulator);
    const cookies = [signedIn.headers["set-cookie"]]
      .flat()
      .map((cookie) => String(cookie).split(";")[0])
      .join("; ");
    const stolen = (path: string) => request(other.connected.app).get(path).set("Cookie", cookies);
    expect((await stolen("/account")).body).toBeNull();
    expect((await stolen("/calls")).status).toBe(401);
    expect(other.simulator.counts.requests).toBe(0);
  });

  it("let no attempt of one be finished at the other", async () => {
    const [one, other] = [await startConnected(), await startConnected()];
    const begun = await browserAt(one.connected).visit("/auth/aircall");
    const callback = pathOf(one.simulator.consent(begun.headers["location"]!));
    const cookies = String([begun.headers["set-cookie"]].flat()[0]).split(";")[0]!;
    const answer = await request(other.connected.app).get(callback).set("Cookie", cookies);
    expect([answer.status, answer.body]).toMatchObject([400, { code: "sign_in_state" }]);
    expect(other.simulator.counts.tokenRequests).toBe(0);
  });

  async function startConnected() {
    const simulator: Simulator = await startSimulator({
      clientId: `client-${Math.random()}`,
      clientSecret: `secret-${Math.random()}`,
    });
    return { simulator, connected: createConnectedApp(getAndRefresh(simulator)) };
  }
});

describe("two aircallAuth() over one session", () => {
  it("keep their companies apart: neither sends the other's token, ends its grant or hides it", async () => {
    const [one, other] = [await startSimulator({ clientId: "one" }), await startSimulator({ clientId: "other" })];
    const connected = createConnectedApp(getAndRefresh(one, "/a"), {
      mount: "/a",
      routes: (app) => {
        const second = aircallAuth(getAndRefresh(other, "/b"));
        closing.push(second);
        app.use("/b", second);
        app.get("/b/calls", requireAircall(), async (req, res) => void res.json(await req.aircall.account()));
      },
    });
    const browser = browserAt(connected);

    await signIn(browser, one, { at: "/a/auth/aircall" });
    expect((await browser.agent.get("/b/calls")).status).toBe(401);
    expect(other.counts.requests).toBe(0);

    await signIn(browser, other, { at: "/b/auth/aircall" });
    expect((await browser.visit("/a/calls")).body).toEqual({ calls: 5 });
    expect((await browser.visit("/b/calls")).body).toMatchObject({ id: other.companies[0].id });
  });

  const closing: AircallAuth[] = [];
  afterEach(async () => {
    await Promise.all(closing.splice(0).map((auth) => auth.close()));
  });
});
