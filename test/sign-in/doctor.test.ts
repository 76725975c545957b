import cookieSession from "cookie-session";
import express, { type RequestHandler } from "express";
import session, { MemoryStore, type SessionOptions } from "express-session";
import request from "supertest";
import { ConfigError } from "express-aircall";
import { createDoctor } from "../../src/sign-in/doctor";
import { doors } from "../support/doors";
import { callbackPath, useSignInApps } from "../support/sign-in-app";
import { signInConfig } from "../support/sign-in-config";

const start = useSignInApps();
const callbackUrl = "http://localhost:3000/auth/aircall/callback";
const nextDoor = { Host: "localhost:3000" };

interface Patient {
  readonly session: RequestHandler | null;
  readonly headers?: Record<string, string>;
  readonly production?: boolean;
  readonly trustProxy?: boolean;
  readonly path?: string;
}

function sessions(cookie: SessionOptions["cookie"] = {}, options: Partial<SessionOptions> = {}): RequestHandler {
  return session({ secret: "for tests only", resave: false, saveUninitialized: false, cookie, ...options });
}

/** What the doctor says of a request to an app with such sessions: a fault, and its doubts after two requests. */
async function examine(patient: Patient): Promise<{ fault: string | null; doubts: string[] }> {
  const doubts: string[] = [];
  const { production = false, path = "/" } = patient;
  const config = signInConfig({ callbackUrl });
  const doctor = createDoctor(config, { production, warn: (doubt) => doubts.push(doubt) });

  const app = express().set("trust proxy", patient.trustProxy ?? false);
  if (patient.session) app.use(patient.session);
  app.use((req, res) => {
    try {
      doctor.examine(req);
      res.json(null);
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      res.json((error as ConfigError).message);
    }
  });
  const look = () =>
    request(app)
      .get(path)
      .set({ ...nextDoor, ...patient.headers });
  await look();
  return { fault: (await look()).body as string | null, doubts };
}

describe("the doctor", () => {
  it("finds nothing wrong with express-session as its README shows it", async () => {
    expect(await examine({ session: sessions() })).toEqual({ fault: null, doubts: [] });
  });

  it.each<[string, Patient, string]>([
    ["no session", { session: null }, "Mount express-session before aircallAuth()"],
    ["a session for another path", { session: sessions({ path: "/admin" }) }, "its cookie path leaves this page out"],
    ["cookie-session", { session: cookieSession({ secret: "for tests only" }) }, "use express-session"],
    ["a secure cookie on plain HTTP", { session: sessions({ secure: true }) }, 'app.set("trust proxy", 1)'],
    ['sameSite "strict"', { session: sessions({ sameSite: "strict" }) }, 'Use "lax"'],
    ["sameSite true", { session: sessions({ sameSite: true }) }, 'Use "lax"'],
    ["MemoryStore in production", { session: sessions(), production: true }, "connect-redis"],
  ])("names the fix for %s", async (_what, patient, fix) => {
    const { fault } = await examine(patient);
    expect(fault).toContain(fix);
  });

  it.each<[string, Patient]>([
    ["a secure cookie behind a trusted proxy", proxied({ trustProxy: true })],
    ['secure: "auto"', { session: sessions({ secure: "auto" }) }],
    ['sameSite "none"', { session: sessions({ sameSite: "none" }) }],
    ["MemoryStore while developing", { session: sessions({}, { store: new MemoryStore() }) }],
    [
      "another class named MemoryStore in production",
      { session: sessions({}, { store: bounded() }), production: true },
    ],
    ["a cookie path above the callback's", { session: sessions({ path: "/" }) }],
  ])("has no fault and no doubt with %s", async (_what, patient) => {
    expect(await examine(patient)).toEqual({ fault: null, doubts: [] });
  });

  it.each<[string, Patient, string]>([
    ["another host than the callback's", { session: sessions(), headers: { Host: "127.0.0.1:3000" } }, "another host"],
    ["another port", { session: sessions(), headers: { Host: "localhost:4000" } }, "localhost:3000"],
    ["a cookie path that leaves the callback out", { session: sessions({ path: "/app" }), path: "/app" }, "not cover"],
    ["a proxy that nobody told Express of", proxied({ trustProxy: false }), 'app.set("trust proxy", 1)'],
  ])("warns once of %s", async (_what, patient, doubt) => {
    const { fault, doubts } = await examine(patient);
    expect(fault).toBeNull();
    expect(doubts).toEqual([expect.stringContaining(doubt)]);
  });

  it("says nothing of the host behind a proxy that changes it", async () => {
    const headers = { Host: "10.0.0.7", "X-Forwarded-Host": "localhost:3000" };
    expect(await examine({ session: sessions(), headers })).toEqual({ fault: null, doubts: [] });
  });

  it("never repeats what a visitor sent", async () => {
    const { doubts } = await examine({ session: sessions(), headers: { Host: "evil.example" } });
    expect(doubts.join()).not.toContain("evil");
  });
});

function proxied(rest: Partial<Patient>): Patient {
  return { session: sessions({ secure: true }), headers: { "X-Forwarded-Proto": "https" }, ...rest };
}

/** Like the one of the package memorystore. */
function bounded() {
  const Bounded = {
    MemoryStore: class MemoryStore extends session.Store {
      override get = (_id: string, done: (error: unknown, document: null) => void) => done(null, null);
      override set = (_id: string, _document: unknown, done?: () => void) => done?.();
      override destroy = (_id: string, done?: () => void) => done?.();
    },
  }.MemoryStore;
  return new Bounded();
}

describe.each(doors)("signing in by %s", (_door, wire) => {
  it("sends nobody away from an app without the session it needs", async () => {
    const app = await start(wire, { session: { cookie: { sameSite: "strict" } } });
    for (const path of ["/auth/aircall", `${callbackPath}?code=a&state=b`]) {
      const { status, location, setCookies, text } = await app.visitor().visit(path);
      expect([status, location, setCookies]).toEqual([500, "", []]);
      expect(JSON.parse(text)).toMatchObject({ code: "config_invalid" });
    }
  });

  it("stops a browser that has signed in and does not return the session cookie", async () => {
    const app = await start(wire, { session: { name: "sid" } });
    const visitor = app.visitor();
    await app.signIn(visitor);
    visitor.cookies.delete("sid");

    const again = await visitor.visit("/auth/aircall");

    expect([again.status, again.location]).toEqual([500, ""]);
    expect(JSON.parse(again.text).message).toMatch(/path \/, domain of the page, secure false, sameSite not set/);
  });

  it("lets that browser try again afterwards", async () => {
    const app = await start(wire, { session: { name: "sid" } });
    const visitor = app.visitor();
    await app.signIn(visitor);
    visitor.cookies.delete("sid");
    await visitor.visit("/auth/aircall");

    expect((await app.signIn(visitor)).status).toBe(302);
    expect(JSON.parse((await visitor.visit("/me")).text)).toMatchObject({ id: app.simulator.companies[0].id });
  });

  it("lets someone sign in twice within a minute", async () => {
    const app = await start(wire);
    const visitor = app.visitor();
    await app.signIn(visitor);
    expect((await app.signIn(visitor)).status).toBe(302);
    expect((await app.signIn(visitor)).status).toBe(302);
  });

  it("remembers a success for a minute, where no script can read it", async () => {
    const app = await start(wire);
    const { setCookies } = await app.signIn(app.visitor());
    const [line] = setCookies.filter((one) => one.startsWith("aircall_signed_in"));
    expect(line).toMatch(/^aircall_signed_in_[\w-]{6}=1; Max-Age=60; Path=\/; HttpOnly; SameSite=Lax$/);
  });
});
