import cookieSession from "cookie-session";
import express, { type RequestHandler } from "express";
import session from "express-session";
import request from "supertest";
import { aircallAuth, requireAircall, type AircallAuth } from "express-aircall";
import { browserAt, createConnectedApp, getAndRefresh, origin, sendError } from "../support/apps/connected-app";
import { startSimulator } from "../support/servers/simulated";

const without: RequestHandler = (_req, _res, next) => next();
const cookies = cookieSession({ secret: "a session secret" });

describe("what cannot work is said with its fix, through next", () => {
  it.each([
    ["no session middleware", "/account", { session: without }, /Mount express-session before aircallAuth\(\)/],
    ["no session middleware", "/auth/aircall", { session: without }, /Mount express-session before aircallAuth\(\)/],
    ["cookie-session", "/auth/aircall", { session: cookies }, /cookie-session.*use express-session/],
    ["cookie-session", "/calls", { session: cookies }, /cookie-session.*use express-session/],
    ["a strict cookie", "/auth/aircall", { cookie: { sameSite: "strict" as const } }, /sameSite: "strict".*"lax"/],
    ["a strict cookie", "/auth/aircall", { cookie: { sameSite: true } }, /sameSite: "strict".*"lax"/],
    ["a secure cookie on plain http", "/auth/aircall", { cookie: { secure: true } }, /plain HTTP.*trust proxy/],
  ])("%s, at %s", async (_what, path, around, message) => {
    const browser = browserAt(createConnectedApp(getAndRefresh(await startSimulator()), around));
    const answer = await browser.visit(path);
    expect([answer.status, answer.body.code]).toEqual([500, "config_invalid"]);
    expect(answer.body.message).toMatch(message);
  });

  it("aircallAuth() before session()", async () => {
    const auth = aircallAuth(getAndRefresh(await startSimulator()));
    const app = express().use(auth, session({ secret: "s", resave: false, saveUninitialized: false }), sendError);
    const answer = await request(app).get("/auth/aircall").set("Accept", "text/html");
    expect([answer.status, answer.body.message]).toEqual([500, expect.stringContaining("before aircallAuth()")]);
    await auth.close();
  });

  it.each<[string, unknown, RegExp]>([
    ["a key that is too short", ["x"], /encryptionKeys\[0\] must be a text of at least 32 characters/],
    ["a key that is not set", [undefined], /encryptionKeys\[0\] must be a text/],
    ["a key that is not in a list", "k".repeat(32), /encryptionKeys must be a list/],
  ])("%s, when the app starts", async (_what, encryptionKeys, message) => {
    const settings = { ...getAndRefresh(await startSimulator()), encryptionKeys: encryptionKeys as string[] };
    expect(() => aircallAuth(settings)).toThrow(message);
  });

  it("a MemoryStore in production", async () => {
    const simulator = await startSimulator();
    const before = process.env["NODE_ENV"];
    process.env["NODE_ENV"] = "production";
    try {
      const browser = browserAt(createConnectedApp(getAndRefresh(simulator)));
      const answer = await browser.visit("/auth/aircall");
      expect([answer.status, answer.body.code]).toEqual([500, "config_invalid"]);
      expect(answer.body.message).toMatch(/MemoryStore.*connect-redis/);
    } finally {
      process.env["NODE_ENV"] = before;
    }
  });

  it("warns once of another host than CallbackURL's, and names neither state nor code", async () => {
    const { app } = createConnectedApp(getAndRefresh(await startSimulator()));
    const warn = jest.spyOn(process, "emitWarning").mockImplementation();
    const visitor = { Accept: "text/html", Host: "other.example" };
    for (let visit = 0; visit < 3; visit++) await request(app).get("/auth/aircall").set(visitor);
    const warnings = warn.mock.calls.map(([warning]) => warning);
    warn.mockRestore();
    expect(warnings).toEqual([expect.stringContaining(`another host than CallbackURL's (${new URL(origin).host})`)]);
  });
});

describe("what works, works", () => {
  it.each([
    ["an API key", (basic: object) => basic],
    ["a token obtained elsewhere", (_basic: object, apiUrl: string) => ({ apiUrl, oauthAccessToken: "a-token" })],
  ])("without a session: %s", async (_what, settingsOf) => {
    const simulator = await startSimulator();
    const auth: AircallAuth = aircallAuth(settingsOf(simulator.basic, simulator.url));
    const app = express().use(auth, requireAircall(), (_req, res) => void res.send("fine"));
    expect((await request(app).get("/")).text).toBe("fine");
    await auth.close();
  });

  it.each(["first", "later"])("on pages outside the session, %s, but for what needs one", async (when) => {
    const { app } = createConnectedApp(getAndRefresh(await startSimulator()), {
      cookie: { path: "/account" },
      routes: (app) => {
        app.get("/healthz", (_req, res) => void res.send("fine"));
        app.get("/guarded", requireAircall());
      },
    });
    if (when === "later") expect((await request(app).get("/account")).status).toBe(200);
    expect((await request(app).get("/healthz")).text).toBe("fine");
    for (const path of ["/open", "/guarded"]) {
      const { body } = await request(app).get(path).set("Accept", "text/html");
      expect(body).toMatchObject({ code: "config_invalid", message: expect.stringContaining("its cookie path") });
    }
    expect((await request(app).get("/account")).body).toBeNull();
  });
});
