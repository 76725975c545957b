import { inspect } from "node:util";
import type { Request, RequestHandler } from "express";
import fc from "fast-check";
import request from "supertest";
import { memoryGrants } from "express-aircall";
import { readConfig } from "../../src/config/config";
import { createConnections } from "../../src/connections/connections";
import { heldBySession } from "../../src/grants/ownership";
import type { GrantStore } from "../../src/grants/store";
import { appKey } from "../../src/grants/session-grants";
import { createTransport } from "../../src/http/transport/choose";
import { browserAt, countCalls, createConnectedApp, getAndRefresh, signIn } from "../support/apps/connected-app";
import { startSimulator } from "../support/servers/simulated";
import { watchGrants } from "../support/watched-grants";

describe("the record of a session's grant", () => {
  it("is read once by a request, however much of it is used", async () => {
    const { browser, grants, simulator } = await startSignedIn((req, res, next) => {
      const { aircall } = req;
      Promise.all([aircall.account(), countCalls(aircall), aircall.company.get(), aircall.ping(), countCalls(aircall)])
        .then((answers) => res.json(answers.length))
        .catch(next);
    });
    expect((await browser.visit("/used")).body).toBe(5);
    expect(grants.reads).toHaveLength(1);
    expect(simulator.counts.requests).toBe(3);
  });

  it("is read once behind the guard", async () => {
    const { browser, grants } = await startSignedIn();
    expect((await browser.visit("/calls")).status).toBe(200);
    expect(grants.reads).toHaveLength(1);
  });

  it("is not read where req.aircall is not used", async () => {
    const { browser, grants } = await startSignedIn((req, res) => {
      const { calls, users, company } = req.aircall;
      res.json([calls, users, company].every(Boolean));
    });
    expect((await browser.visit("/used")).body).toBe(true);
    expect(grants.reads).toEqual([]);
  });

  it("is asked for anew by the next request", async () => {
    const { browser, grants } = await startSignedIn();
    await browser.visit("/calls");
    await browser.visit("/calls");
    expect(grants.reads).toHaveLength(2);
  });
});

describe("junk in the session", () => {
  const junk: unknown[] = [
    null,
    undefined,
    0,
    42,
    true,
    "ac_text",
    "A".repeat(32),
    {},
    { 0: "A".repeat(32), length: 1 },
    [],
    [null],
    [[]],
    [{ id: "A".repeat(32) }],
    ["short", 7, null, {}],
    ["../../etc/passwd"],
    ["A".repeat(32)],
    ["A".repeat(33)],
    ["__proto__", "constructor", "hasOwnProperty"],
    JSON.parse('{"__proto__":["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]}'),
  ];

  it.each(junk.map((value) => [inspect(value), value]))("means not connected: %s", async (_shown, value) => {
    const app = await appWithSession({ aircall: value });
    expect((await request(app).get("/calls")).body).toMatchObject({ error: "not_connected" });
    expect((await request(app).get("/account")).body).toBeNull();
    expect((await request(app).post("/disconnect")).status).toBe(200);
  });

  it.each([[JSON.parse('{"__proto__":{"aircall":["AAAA"]}}')], [Object.create({ aircall: ["A".repeat(32)] })]])(
    "is not looked for in a prototype",
    async (session: object) => {
      const app = await appWithSession(session);
      expect((await request(app).get("/calls")).body).toMatchObject({ error: "not_connected" });
    },
  );

  it("never makes account() fail, whatever it is", async () => {
    const { store } = watchGrants();
    await fc.assert(
      fc.asyncProperty(fc.anything({ withNullPrototype: true }), async (aircall) => {
        expect(await accountOf({ aircall }, store)).toBeNull();
      }),
      { numRuns: 1_000 },
    );
  });

  it("does not keep anybody from signing in", async () => {
    const simulator = await startSimulator();
    const connected = createConnectedApp(getAndRefresh(simulator), {
      routes: (app) =>
        app.get("/spoil", (req, res) => {
          Object.assign(req.session, { aircall: { junk: true } });
          res.end();
        }),
    });
    const browser = browserAt(connected);
    await browser.visit("/spoil");
    expect((await signIn(browser, simulator)).status).toBe(302);
    expect((await browser.visit("/calls")).status).toBe(200);
  });
});

describe("req.aircall", () => {
  it("shows nothing of the grant when it is inspected or turned into JSON", async () => {
    const shown: string[] = [];
    const { browser, grants } = await startSignedIn((req, res, next) => {
      countCalls(req.aircall)
        .then(() => {
          shown.push(inspect(req.aircall, { depth: 10, showHidden: true }), JSON.stringify(req.aircall));
          res.end();
        })
        .catch(next);
    });
    await browser.visit("/used");
    const grant = await grants.memory.get(grants.ids[0]!);
    expect(shown).toHaveLength(2);
    for (const secret of [grant!.accessToken, grants.ids[0]!]) expect(shown.join()).not.toContain(secret);
  });

  it("answers a missing session with what is missing", async () => {
    const app = await appWithSession(undefined);
    const answer = await request(app).get("/account");
    expect([answer.status, answer.body]).toMatchObject([500, { code: "config_invalid" }]);
  });
});

async function startSignedIn(used: RequestHandler = (_req, res) => void res.end()) {
  const simulator = await startSimulator();
  const grants = watchGrants();
  const settings = { ...getAndRefresh(simulator), grants: grants.store };
  const browser = browserAt(createConnectedApp(settings, { routes: (app) => app.get("/used", used) }));
  await signIn(browser, simulator);
  simulator.clearRequests();
  grants.reads.length = 0;
  return { browser, grants, simulator };
}

/** An app whose session holds exactly this. */
async function appWithSession(session: object | undefined) {
  const settings = { ...getAndRefresh(await startSimulator()), grants: memoryGrants() };
  const { app } = createConnectedApp(settings, {
    session: (req, _res, next) => {
      Object.assign(req, { session });
      next();
    },
  });
  return app;
}

/** What a request with this session would be told. */
function accountOf(session: object, store: GrantStore) {
  const settings = { oauthClientId: "id", oauthClientSecret: "secret" };
  const config = readConfig(settings, { door: "middleware", env: {} });
  const http = { apiUrl: config.apiUrl, timeoutMs: config.timeoutMs, transport: createTransport(null) };
  const around = { grantsFor: () => store, disconnected: null };
  const parts = { config, app: appKey("id"), http, holding: heldBySession, company: null, ...around };
  return createConnections(parts)
    .ofRequest({ session } as unknown as Request, { signInPath: null })
    .account();
}
