import type { RequestListener } from "node:http";
import type { Express } from "express";
import request from "supertest";
import { aircallAuth, requireAircall, type AircallAuth } from "express-aircall";
import type { Simulator } from "express-aircall/simulator";
import { createBrowser, pathOf } from "../support/browser/browser";
import { browserAt, createConnectedApp, getAndRefresh, origin, signIn } from "../support/apps/connected-app";
import { startSimulator } from "../support/servers/simulated";

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

  it.each([
    ["/crm", "/crm/auth/aircall", "/auth/aircall", "signing in begins"],
    ["/crm", "/CRM/Auth/Aircall/", "/auth/aircall", "signing in begins"],
    ["/crm", "/crm/auth/aircall/install", "/auth/aircall", "installing begins"],
    ["/api/v2", "/api/v2/connect/logout", "/connect", "signing out happens"],
  ])("at %s, says that the callback %s is another route", async (mount, callbackPath, signInPath, what) => {
    const simulator = await startSimulator();
    const options = { ...getAndRefresh(simulator), callbackUrl: origin + callbackPath, signInPath };
    const browser = browserAt(createConnectedApp(options, { mount }));
    for (const path of [`${mount}${signInPath}`, `${mount}/open`]) {
      const { status, body, headers } = await browser.visit(path);
      expect([status, body.code, headers["location"]]).toEqual([500, "config_invalid", undefined]);
      expect(body.message).toContain(`is where ${what}`);
      expect(body.message).toContain(`mounted at ${mount}`);
    }
  });
});

/** What a proxy in front does, where the app is mounted behind it, and which pages are reached through it. */
const proxies: [what: string, outside: string, inside: string, mount: string][] = [
  ["strips a prefix", "/public", "", ""],
  ["strips a longer one", "/a/b/c", "", ""],
  ["strips the name of our own first segment", "/auth", "", ""],
  ["adds a prefix", "", "/app", ""],
  ["adds one that the app is mounted at", "", "/app", "/app"],
  ["adds the name of our own first segment", "", "/auth", "/auth"],
  ["replaces a prefix", "/public", "/internal", ""],
  ["replaces one that the app is mounted at", "/public", "/internal/v2", "/internal/v2"],
  ["strips a prefix in front of a mounted app", "/public", "", "/crm"],
  ["adds a prefix in front of a mounted app", "", "/app", "/app/crm"],
];

describe.each(proxies)("behind a proxy that %s ('%s' to '%s')", (_what, outside, inside, mount) => {
  const below = mount.startsWith(inside) ? mount.slice(inside.length) : "";
  const pagesAt = mount || inside;

  async function startBehindProxy() {
    const simulator = await startSimulator();
    const callbackPath = `${pagesAt}/auth/aircall/callback`;
    const settings = { ...getAndRefresh(simulator, outside + below), callbackPath };
    const signInPath = mount ? "/auth/aircall" : `${inside}/auth/aircall`;
    const connected = createConnectedApp({ ...settings, signInPath }, { mount, routes: (app) => openPages(app) });
    return { simulator, browser: browserBehindProxy(connected.app) };
  }

  it("sends browsers to addresses as they know them", async () => {
    const { simulator, browser } = await startBehindProxy();
    const page = `${outside}${below}/page?x=1`;
    const sentAway = await browser.visit(page);
    const begin = `${outside}${below}/auth/aircall`;
    expect(sentAway.headers["location"]).toBe(`${begin}?return_to=${encodeURIComponent(page)}`);
    expect((await browser.agent.get(page)).body).toMatchObject({ error: "not_connected", signInPath: begin });
    const back = await signIn(browser, simulator, { at: sentAway.headers["location"]! });
    expect(back.headers["location"]).toBe(`${origin}${page}`);
    expect((await browser.visit(page)).body).toEqual({ calls: 5 });
  });

  it("leads home to a page that is there", async () => {
    const { simulator, browser } = await startBehindProxy();
    const begin = `${outside}${below}/auth/aircall`;
    const homes = [await signIn(browser, simulator, { at: begin }), await browser.submit(`${begin}/logout`)];
    const home = `${origin}${outside}${below}/`;
    expect(homes.map(({ headers }) => headers["location"])).toEqual([home, home]);
  });

  function openPages(app: Express): void {
    app.get(`${pagesAt}/page`, requireAircall(), async (req, res) => {
      res.json({ calls: (await req.aircall.calls.list({ per_page: 5 })).items.length });
    });
  }

  function browserBehindProxy(app: RequestListener) {
    const proxy: RequestListener = (req, res) => {
      const known = req.url === outside || req.url!.startsWith(`${outside}/`);
      if (!known) return void res.writeHead(404).end("the proxy knows no such page");
      req.url = inside + req.url!.slice(outside.length);
      app(req, res);
    };
    const browser = createBrowser(proxy);
    browser.agent.set("Host", new URL(origin).host);
    return browser;
  }
});

describe("a callback whose path alone was rewritten", () => {
  it("changes no other address", async () => {
    const simulator = await startSimulator();
    const callbackUrl = `${origin}/oauth/return`;
    const settings = { ...getAndRefresh(simulator), callbackUrl, callbackPath: "/auth/aircall/callback" };
    const { location } = (await browserAt(createConnectedApp(settings)).visit("/calls")).headers;
    expect(location).toBe("/auth/aircall?return_to=%2Fcalls");
  });
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
