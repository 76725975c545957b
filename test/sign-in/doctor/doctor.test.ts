import { readFileSync } from "node:fs";
import { join } from "node:path";
import cookieSession from "cookie-session";
import express, { type RequestHandler } from "express";
import session, { MemoryStore, type SessionOptions } from "express-session";
import request from "supertest";
import { ConfigError } from "express-aircall";
import { createDoctor } from "../../../src/sign-in/doctor/doctor";
import { doors, wireRoutes } from "../../support/apps/doors";
import { callbackPath, useSignInApps } from "../../support/apps/sign-in-app";
import { signInConfig } from "../../support/apps/sign-in-config";

const start = useSignInApps();
const callbackUrl = "http://localhost:3000/auth/aircall/callback";
const nextDoor = { Host: "localhost:3000" };
const https = { "X-Forwarded-Proto": "https" };
const errorsPage = readFileSync(join(__dirname, "../../../docs/errors.md"), "utf8");

/** No MemoryStore, by its name. */
class OtherStore extends MemoryStore {}

interface Patient {
  readonly session: RequestHandler | null;
  readonly headers?: Record<string, string>;
  readonly production?: boolean;
  readonly trustProxy?: boolean;
  readonly path?: string;
  readonly callbackUrl?: string;
}

function sessions(cookie: SessionOptions["cookie"] = {}, options: Partial<SessionOptions> = {}): RequestHandler {
  return session({ secret: "for tests only", resave: false, saveUninitialized: false, cookie, ...options });
}

/** What the doctor says of a request to an app with such sessions: a fault, and its doubts after two requests. */
async function examine(patient: Patient): Promise<{ fault: string | null; doubts: string[] }> {
  const doubts: string[] = [];
  const { production = false, path = "/" } = patient;
  const config = signInConfig({ callbackUrl: patient.callbackUrl ?? callbackUrl });
  const doctor = createDoctor(config, { production, warn: (doubt) => doubts.push(doubt) });

  const app = express().set("trust proxy", patient.trustProxy ?? false);
  if (patient.session) app.use(patient.session);
  app.use((req, res) => {
    try {
      doctor.examineStart(req);
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
    ['sameSite "none" without secure', { session: sessions({ sameSite: "none" }) }, "add `secure: true`"],
    [
      'that with secure "auto", on plain HTTP',
      { session: sessions({ sameSite: "none", secure: "auto" }) },
      "without `secure`",
    ],
    ["another domain", at("app.example", { domain: "other.example" }), "(other.example) is not that of CallbackURL"],
    ["a domain below the callback's", at("app.example", { domain: "www.app.example" }), "Leave `domain` out"],
    ["a domain that ends alike", at("app.example", { domain: "p.example" }), "Leave `domain` out"],
    ["a domain for an address", at("127.0.0.1", { domain: "0.0.1" }), "Leave `domain` out"],
    ["a cookie function's secure", { session: dynamic({ secure: "auto" }) }, "answer true or false"],
    ["a cookie function's sameSite", { session: dynamic({ sameSite: "auto" as "lax" }) }, 'answer "lax" or "none"'],
    ["a cookie function that is strict", { session: dynamic({ sameSite: "strict" }) }, 'Use "lax"'],
    ["a cookie function on plain HTTP", { session: dynamic({ secure: true }) }, 'app.set("trust proxy", 1)'],
    ["a callback by https, begun by http", at("app.example", {}), "Redirect http to https"],
    ["that, as a proxy says", at("app.example", {}, { "X-Forwarded-Proto": "http" }), "X-Forwarded-Proto"],
    [
      "that, behind a proxy that changes the host",
      at("app.example", {}, { Host: "10.0.0.7", "X-Forwarded-Host": "app.example", "X-Forwarded-Proto": "http" }),
      "Redirect http to https",
    ],
  ])("names the fix for %s", async (_what, patient, fix) => {
    const { fault } = await examine(patient);
    expect(fault).toContain(fix);
    expect(lineOf(fault!)).toHaveLength(1);
  });

  it.each<[string, Patient]>([
    ["a secure cookie behind a trusted proxy", proxied({ trustProxy: true })],
    ['secure: "auto"', { session: sessions({ secure: "auto" }) }],
    ['sameSite "none", secure', proxied({ trustProxy: true }, { sameSite: "none" })],
    ["a cookie function's secure, where it is", { session: dynamic({ secure: "auto" }), ...secureHeaders(true) }],
    ["a domain above the callback's", at("www.app.example", { domain: ".APP.example" }, https)],
    ["the callback's own domain", at("app.example", { domain: "app.example" }, https)],
    ["a proxy that says https its own way", at("app.example", {}, { Forwarded: 'for=10.0.0.1;proto="https"' })],
    ["another one", at("app.example", {}, { "X-Forwarded-Ssl": "on" })],
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
    ["https that no proxy tells of", at("app.example", {}, { "Sec-Fetch-Mode": "navigate" }), "X-Forwarded-Proto"],
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

it("lets someone sign out by our own route, lose the cookie and sign in again", async () => {
  const app = await start(wireRoutes, { session: { name: "sid" } });
  const visitor = app.visitor();
  await app.signIn(visitor);
  const headers = { "sec-fetch-site": "same-origin" };
  expect((await visitor.visit("/auth/aircall/logout", { method: "POST", headers })).status).toBe(303);
  visitor.cookies.delete("sid");
  expect((await app.signIn(visitor)).status).toBe(302);
});

describe("the doctor, of the session cookie's name", () => {
  const onlyCookie = expect.stringContaining('set attemptCookie: "__session"') as string;
  const inTheSession = expect.stringContaining("attempts lie in the session") as string;

  it.each<[string, string, string | null, string[]]>([
    ["that of a host's only cookie", "__session", null, [onlyCookie]],
    ["that, with a cookie for attempts of its own", "__session", "attempts", []],
    ["that, for attempts too", "__session", "__session", [inTheSession]],
    ["another one", "connect.sid", null, []],
    ["another one, beside the attempts'", "connect.sid", "__session", []],
    ["another one, for attempts too", "connect.sid", "connect.sid", [inTheSession]],
  ])("warns once where it must: %s", async (_what, name, attemptCookie, expected) => {
    const doubts: string[] = [];
    const config = signInConfig({ callbackUrl, ...(attemptCookie && { attemptCookie }) });
    const doctor = createDoctor(config, { production: false, warn: (doubt) => doubts.push(doubt) });
    const app = express().use(sessions({}, { name, saveUninitialized: true, secret: "of this test's own, and long" }));
    app.use((req, res) => res.json(doctor.examineStart(req) ?? null));
    const agent = request.agent(app);
    for (let visit = 0; visit < 3; visit++) expect((await agent.get("/").set(nextDoor)).status).toBe(200);
    expect(doubts).toEqual(expected);
    for (const doubt of doubts) expect(lineOf(doubt)).toHaveLength(1);
  });

  it("believes no visitor who made such a cookie up", async () => {
    const headers = { Cookie: "__session=s%3Aabc.def" };
    expect(await examine({ session: sessions(), headers })).toEqual({ fault: null, doubts: [] });
  });
});

describe("the doctor, of the secret that signs sessions", () => {
  const weak = ["keyboard cat", "your-secret-key", "changeme"];
  const long = "a secret that no page has printed";

  it.each(weak)("finds an example by the cookie it signed: %s", async (secret) => {
    const { faults, doubts } = await visitTwice(session({ ...plain, secret, store: new OtherStore() }), {
      production: true,
    });
    expect(faults).toEqual([null, expect.stringContaining("Give session() a secret of its own")]);
    expect(doubts).toEqual([]);
    expect(lineOf(faults[1]!)).toHaveLength(1);
  });

  it("warns of it once while developing", async () => {
    const { faults, doubts } = await visitTwice(session({ ...plain, secret: weak }), {});
    expect([faults, doubts]).toEqual([[null, null], [expect.stringContaining("example from documentation")]]);
  });

  it("says nothing of a long one of the app's own", async () => {
    const { faults, doubts } = await visitTwice(session({ ...plain, secret: long, store: new OtherStore() }), {
      production: true,
    });
    expect([faults, doubts]).toEqual([[null, null], []]);
  });

  it("finds cookie-parser's, which express-session takes where it has none, too short", async () => {
    const { secret: _none, ...without } = { ...plain, secret: "" };
    const { faults } = await visitTwice(session(without as SessionOptions), { production: true, parser: "short" });
    expect(faults[1]).toContain("shorter than 16 characters");
  });

  it("only warns of cookie-parser's where the session has one of its own", async () => {
    const { faults, doubts } = await visitTwice(session({ ...plain, secret: long, store: new OtherStore() }), {
      production: true,
      parser: "short",
    });
    expect([faults, doubts]).toEqual([[null, null], [expect.stringContaining("cookie-parser's secret")]]);
  });

  const plain = { resave: false, saveUninitialized: true, store: new OtherStore() };

  /** The first visit gets a cookie, the second brings it. */
  async function visitTwice(
    sessions: RequestHandler,
    { production = false, parser }: { production?: boolean; parser?: string },
  ) {
    const doubts: string[] = [];
    const doctor = createDoctor(signInConfig({ callbackUrl }), { production, warn: (doubt) => doubts.push(doubt) });
    const app = express();
    app.use(
      (req, _res, next) => next(void (parser && Object.assign(req, { secret: parser }))),
      sessions,
      (req, res) => {
        try {
          doctor.examine(req);
          res.json(null);
        } catch (error) {
          res.json((error as Error).message);
        }
      },
    );
    const agent = request.agent(app);
    const faults: (string | null)[] = [];
    for (let visit = 0; visit < 2; visit++) faults.push((await agent.get("/").set(nextDoor)).body as string | null);
    return { faults, doubts };
  }
});

function proxied(rest: Partial<Patient>, cookie: SessionOptions["cookie"] = {}): Patient {
  return { session: sessions({ secure: true, ...cookie }), headers: https, ...rest };
}

/** Cookies as a function of the request, which @types/express-session does not know. */
function dynamic(cookie: SessionOptions["cookie"]): RequestHandler {
  return sessions((() => cookie) as never);
}

function secureHeaders(trustProxy: boolean): Pick<Patient, "headers" | "trustProxy"> {
  return { headers: https, trustProxy };
}

/** A visit to an app at https://HOST. */
function at(host: string, cookie: SessionOptions["cookie"], headers: Record<string, string> = {}): Patient {
  const url = `https://${host}/auth/aircall/callback`;
  return { session: sessions(cookie), callbackUrl: url, headers: { Host: host, ...headers } };
}

/** Those lines of the page of errors whose first cell, where `…` stands for anything, says this. */
function lineOf(message: string): string[] {
  return errorsPage.split("\n").filter((line) => {
    const [, cell = ""] = /^\| `+ ?(.+?) ?`+ +\|/.exec(line) ?? [];
    const parts = cell.split("…").map((part) => part.replace(/[$()*+.?[\\\]^{|}]/g, "\\$&"));
    return cell !== "" && new RegExp(parts.join(".*")).test(message);
  });
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

  it.each([
    ["of another name", "other.sid=s%3Aabc.def"],
    ["of the same name", "sid=s%3Aabc.def"],
  ])("is not blinded by another app's signed cookie %s", async (_which, cookie) => {
    const app = await start(wire, { session: { name: "sid" } });
    const visitor = app.visitor();
    await app.signIn(visitor);
    visitor.cookies.delete("sid");
    const [name, value] = cookie.split("=") as [string, string];
    visitor.cookies.set(name, decodeURIComponent(value));
    const again = await visitor.visit("/auth/aircall");
    expect([again.status, again.location]).toEqual([500, ""]);
    expect(JSON.parse(again.text).message).toMatch(/session cookie of the same `name`/);
  });

  it("lets someone sign out and in again, whatever signing out does with the cookie", async () => {
    const app = await start(
      (express, settings) => {
        wire(express, settings);
        express.get("/bye", (req, res) => {
          req.session.destroy(() => {
            if (req.query["clear"]) res.cookie("sid", "", { maxAge: 0 });
            res.end();
          });
        });
      },
      { session: { name: "sid" } },
    );
    for (const bye of ["/bye?clear=1", "/bye"]) {
      const visitor = app.visitor();
      await app.signIn(visitor);
      await visitor.visit(bye);
      expect(visitor.cookies.has("sid")).toBe(bye === "/bye");
      expect((await app.signIn(visitor)).status).toBe(302);
    }
  });

  it("forgets the success as soon as the session has come back, and not before", async () => {
    const app = await start(wire);
    const visitor = app.visitor();
    await app.signIn(visitor);
    const remembered = () => [...visitor.cookies.keys()].filter((name) => name.startsWith("aircall_signed_in"));
    expect(remembered()).toHaveLength(1);
    const stranger = visitor.copy();
    stranger.cookies.delete("connect.sid");
    expect((await stranger.visit("/me")).setCookies).toEqual([]);
    expect((await visitor.visit("/me")).setCookies).toHaveLength(1);
    expect(remembered()).toEqual([]);
    expect((await visitor.visit("/me")).setCookies).toEqual([]);
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
