import express, { type ErrorRequestHandler } from "express";
import request from "supertest";
import { aircallErrors, requireAircall, type AircallAuthOptions } from "express-aircall";
import { browserAt, createConnectedApp, getAndRefresh, origin, sendError, signIn } from "../support/apps/connected-app";
import { moveTime } from "../support/moved-time";
import { startSimulator } from "../support/servers/simulated";

const time = moveTime();

const signInPath = "/auth/aircall";
const page = { "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document" };

/** What asks, with which method and headers, and whether a person waits for the answer as a page. */
const askers: [who: string, method: "get" | "head" | "post", headers: Record<string, string>, person: boolean][] = [
  ["a page visit", "get", { ...page, Accept: "text/html" }, true],
  ["a page visit from elsewhere", "get", { ...page, "Sec-Fetch-Site": "cross-site" }, true],
  ["a page visit of an old browser", "get", { Accept: "text/html,application/xhtml+xml,*/*;q=0.8" }, true],
  ["a page visit that a service worker handed on", "get", { ...page, "Sec-Fetch-Dest": "empty" }, true],
  ["that one, asking for anything", "get", { ...page, "Sec-Fetch-Dest": "empty", Accept: "*/*" }, true],
  ["a page visit without a destination", "get", { "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "none" }, true],
  ["a page visit in an app's web view", "get", { ...page, "X-Requested-With": "com.example.app" }, true],
  ["a page visit that lost its Fetch Metadata", "get", { Accept: "application/xhtml+xml,TEXT/HTML;q=0.9" }, true],
  ["a fetch", "get", { "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty", Accept: "*/*" }, false],
  [
    "a fetch that asks for HTML",
    "get",
    { "Sec-Fetch-Mode": "same-origin", "Sec-Fetch-Dest": "empty", Accept: "text/html" },
    false,
  ],
  ["a fetch of an old browser", "get", { Accept: "*/*" }, false],
  ["a call for JSON", "get", { Accept: "application/json" }, false],
  ["nothing said at all", "get", {}, false],
  ["an XHR", "get", { "X-Requested-With": "XMLHttpRequest", Accept: "text/html" }, false],
  ["an image", "get", { "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image", Accept: "image/*" }, false],
  ["an XHR of a new browser", "get", { "Sec-Fetch-Mode": "cors", "X-Requested-With": "XMLHttpRequest" }, false],
  ["htmx", "get", { "HX-Request": "true", Accept: "text/html, */*" }, false],
  ["a Turbo frame", "get", { "Turbo-Frame": "main", Accept: "text/html, application/xhtml+xml" }, false],
  ["a fetch that says its destination only", "get", { "Sec-Fetch-Dest": "empty", Accept: "text/html" }, false],
  ["a fetch that says its site only", "get", { "Sec-Fetch-Site": "same-origin", Accept: "text/html" }, false],
  ["an embedded page", "get", { "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "embed", Accept: "text/html" }, false],
  ["an old frame", "get", { "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "frame", Accept: "text/html" }, false],
  ["an object", "get", { "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "object", Accept: "text/html" }, false],
  ["a fenced frame", "get", { "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "fencedframe" }, false],
  ["a WebSocket", "get", { "Sec-Fetch-Mode": "websocket", "Sec-Fetch-Dest": "websocket", Accept: "text/html" }, false],
  ["a frame", "get", { "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe", Accept: "text/html" }, false],
  ["a HEAD", "head", { ...page, Accept: "text/html" }, false],
  ["a HEAD of an old browser", "head", { Accept: "text/html" }, false],
  ["a prefetch", "get", { ...page, "Sec-Purpose": "prefetch", Accept: "text/html" }, false],
  ["a prerender", "get", { ...page, "Sec-Purpose": "prefetch;prerender", Accept: "text/html" }, false],
  ["a prefetch of an old browser", "get", { Purpose: "prefetch", Accept: "text/html" }, false],
  ["a preview of old Safari", "get", { "X-Purpose": "preview", Accept: "text/html" }, false],
  [
    "a prefetch that a service worker handed on",
    "get",
    { ...page, "Sec-Fetch-Dest": "empty", Purpose: "prefetch" },
    false,
  ],
  ["a prefetch of old Firefox", "get", { "X-Moz": "prefetch", Accept: "text/html" }, false],
  ["a form", "post", { ...page, "Sec-Fetch-Site": "same-origin", Accept: "text/html" }, false],
  ["a form that a service worker handed on", "post", { ...page, "Sec-Fetch-Dest": "empty" }, false],
  ["a form of an old browser", "post", { Accept: "text/html" }, false],
];

describe.each([
  ["requireAircall()", "/guarded?from=1&q=a%20b"],
  ["a rejected handler and aircallErrors()", "/open?from=1&q=a%20b"],
])("nobody connected, at %s", (_door, path) => {
  it.each(askers)("sends %s (%s) to sign in only when a person waits", async (_who, method, headers, person) => {
    const { app } = createConnectedApp(getAndRefresh(await startSimulator()), {
      routes: (app) => app.use("/guarded", requireAircall()),
    });
    const answer = await request(app)[method](path).set(headers);
    const target = `${signInPath}?return_to=${encodeURIComponent(path)}`;
    expect([answer.status, answer.headers["location"]]).toEqual(person ? [302, target] : [401, undefined]);
    if (!person && method !== "head") expect(answer.body).toMatchObject({ error: "not_connected", signInPath });
  });
});

const served = {
  OFF: { page: [401, null], begin: 404, install: 404, callback: 404, logout: 404 },
  REFRESH: { page: [401, null], begin: 404, install: 404, callback: 404, logout: 404 },
  GETANDREFRESH: { page: [302, signInPath], begin: 302, install: 302, callback: 400, logout: 403 },
} as const;

describe.each(Object.entries(served))("InitiateOAuth=%s", (initiateOAuth, expected) => {
  it("serves the routes of its kind and no others", async () => {
    const settings = getAndRefresh(await startSimulator());
    const { app } = createConnectedApp({ ...settings, initiateOAuth: initiateOAuth as "OFF" });
    const visit = (path: string) =>
      request(app)
        .get(path)
        .set({ ...page, Accept: "text/html", Host: new URL(origin).host });
    expect((await visit("/auth/aircall")).status).toBe(expected.begin);
    expect((await visit("/auth/aircall/install")).status).toBe(expected.install);
    expect((await visit("/auth/aircall/callback?code=x")).status).toBe(expected.callback);
    expect((await request(app).post("/auth/aircall/logout")).status).toBe(expected.logout);
    expect((await visit("/auth/aircall/nothing")).status).toBe(404);
    expect((await visit("/auth/aircallx")).status).toBe(404);
  });

  it("answers a page that needs an account", async () => {
    const settings = getAndRefresh(await startSimulator());
    const { app } = createConnectedApp({ ...settings, initiateOAuth: initiateOAuth as "OFF" });
    const answer = await request(app).get("/calls").set(page);
    const [status, location] = expected.page;
    expect(answer.status).toBe(status);
    if (location) expect(answer.headers["location"]).toContain(location);
    else expect(answer.body).toMatchObject({ error: "not_connected", signInPath: null });
  });
});

describe("requireAircall", () => {
  it("names the app's own sign-in route where the library has none", async () => {
    const { app } = createConnectedApp(
      { ...getAndRefresh(await startSimulator()), initiateOAuth: "REFRESH" },
      { routes: (app) => app.get("/own", requireAircall({ signInPath: "/login" })) },
    );
    expect((await request(app).get("/own").set(page)).body).toMatchObject({ signInPath: "/login" });
  });

  it("says what is missing without aircallAuth() before it", async () => {
    const app = express().use(requireAircall(), sendError);
    const answer = await request(app).get("/");
    expect(answer.body).toMatchObject({ code: "config_invalid", message: expect.stringContaining("aircallAuth()") });
  });
});

describe("aircallErrors", () => {
  it("sends page visits to the app's own sign-in route, and names it to everybody else", async () => {
    const settings = { ...getAndRefresh(await startSimulator()), initiateOAuth: "REFRESH" } as const;
    const { app } = createConnectedApp(settings, { routes: (app) => app.use(aircallErrors({ signInPath: "/login" })) });
    const visit = await request(app).get("/calls").set(page);
    expect([visit.status, visit.headers["location"]]).toEqual([302, "/login?return_to=%2Fcalls"]);
    expect((await request(app).get("/calls")).body).toMatchObject({ error: "not_connected", signInPath: "/login" });
  });

  it.each([
    ["a handler", "/open"],
    ["a guard", "/calls"],
  ])("is named to who left it out, by %s, and not to visitors", async (_who, path) => {
    const settings = getAndRefresh(await startSimulator());
    const { app } = createConnectedApp(settings, { routes: (app) => app.use(sendError) });
    expect((await request(app).get(path)).body.message).toMatch(/aircallErrors\(\) mounted after the routes/);
    const answered = await request(createConnectedApp(settings).app).get(path);
    expect(answered.body.message).toBe("No Aircall account is connected. Sign in at /auth/aircall.");
  });

  it("leaves other errors, and answers already begun, to the app", async () => {
    const { app } = createConnectedApp(getAndRefresh(await startSimulator()), {
      routes: (app) => {
        app.get("/broken", () => Promise.reject(Object.assign(new Error("mine"), { status: 418 })));
        app.get("/begun", async (req, res) => {
          res.write("half");
          await req.aircall.calls.list();
        });
        app.use(aircallErrors(), ((error, _req, res, next) => {
          if (!res.headersSent) return next(error);
          res.end(` and ${(error as Error).name}`);
        }) satisfies ErrorRequestHandler);
      },
    });
    expect((await request(app).get("/broken")).status).toBe(418);
    expect((await request(app).get("/begun")).text).toBe("half and NotConnectedError");
  });
});

describe("as(companyId) for a company that is not connected", () => {
  async function startWithAs(settings: Partial<AircallAuthOptions> = {}, errors = aircallErrors()) {
    const simulator = await startSimulator();
    const connected = createConnectedApp(
      { ...getAndRefresh(simulator), ...settings },
      {
        routes: (app) => {
          app.get("/as/:id", async (req, res) => void res.json(await req.aircall.as(+req.params.id).integrations.me()));
          app.use(errors);
        },
      },
    );
    const [mine, other] = simulator.companies;
    return { simulator, browser: browserAt(connected), mine: mine.id, other: other.id };
  }

  it.each([
    ["the library's sign-in", undefined],
    ["the app's own", aircallErrors({ signInPath: "/login" })],
  ])("does not send who connected another one to %s, which would replace it", async (_whose, errors) => {
    const { simulator, browser, mine, other } = await startWithAs({}, errors);
    await signIn(browser, simulator);
    const answer = await browser.visit(`/as/${other}`);
    expect([answer.status, answer.body]).toMatchObject([401, { error: "not_connected", signInPath: null }]);
    expect(answer.body.message).toMatch(/another is: a sign-in has to add it/);
    expect((await browser.visit(`/as/${mine}`)).body).toMatchObject({ company_id: mine });
  });

  it("does not replace the current one where the other's permission has ended", async () => {
    const { simulator, browser, mine, other } = await startWithAs();
    await signIn(browser, simulator, { companyId: other });
    await signIn(browser, simulator, { companyId: mine, at: "/auth/aircall?add=1" });
    simulator.revoke(other);
    expect((await browser.visit(`/as/${other}`)).status).toBe(503);
    time.pass(60_000);
    const answer = await browser.visit(`/as/${other}`);
    expect([answer.status, answer.body]).toMatchObject([401, { error: "reconnect_required", signInPath: null }]);
  });

  it("does not send who works for the company that the app named to sign in", async () => {
    const named: { id?: number } = {};
    const { simulator, browser, mine, other } = await startWithAs({ hold: "company", company: () => named.id });
    await signIn(browser, simulator);
    named.id = mine;
    const answer = await browser.visit(`/as/${other}`);
    expect([answer.status, answer.body]).toMatchObject([401, { error: "not_connected", signInPath: null }]);
  });

  it("sends who has connected none to sign in", async () => {
    const { browser, other } = await startWithAs();
    const { status, headers } = await browser.visit(`/as/${other}`);
    expect([status, headers["location"]]).toEqual([302, `/auth/aircall?return_to=%2Fas%2F${other}`]);
    expect((await browser.agent.get(`/as/${other}`)).body).toMatchObject({ error: "not_connected", signInPath });
  });
});
