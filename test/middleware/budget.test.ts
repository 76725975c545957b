import { createServer, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import express from "express";
import request from "supertest";
import { Agent } from "undici";
import session from "express-session";
import { setTimeout as pause } from "node:timers/promises";
import {
  aircallAuth,
  memoryGrants,
  RenewalFailedError,
  type AircallAuth,
  type AircallAuthOptions,
} from "express-aircall";
import type { Simulator } from "express-aircall/simulator";
import { createBudgets } from "../../src/budget/budget";
import { AircallClient } from "../../src/client/client";
import { browserAt, createConnectedApp, getAndRefresh, signIn } from "../support/apps/connected-app";
import { startSimulator } from "../support/servers/simulated";
import { token, useApi } from "../support/servers/api";

const { serve, connect } = useApi();
const auths: AircallAuth[] = [];
afterEach(() => Promise.all(auths.splice(0).map((auth) => auth.close())));

function createApp(settings: Parameters<typeof aircallAuth>[0], handler: express.RequestHandler) {
  const auth = aircallAuth(settings);
  auths.push(auth);
  return express().use(auth).get("/", handler);
}

describe("an app's requests to Aircall", () => {
  it("are one when a thousand visitors ask the same together", async () => {
    const waiting: ServerResponse[] = [];
    const api = await serve((_req, res) => waiting.push(res));
    let arrived = 0;
    const app = createApp({ apiUrl: api.url, user: "id", password: "t0ken" }, async (req, res) => {
      const calls = req.aircall.calls.list();
      arrived += 1;
      if (arrived === 1_000) setImmediate(() => waiting.forEach((one) => one.end('{"calls":[{"id":7}]}')));
      res.json((await calls).items);
    });
    const server = createServer(app).listen(0, "127.0.0.1");
    await once(server, "listening");
    const agent = new Agent({ connections: 1_000 });
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

    const visit = async () => (await agent.request({ origin, path: "/", method: "GET" })).body.text();
    const answers = await Promise.all(Array.from({ length: 1_000 }, visit));
    expect(new Set(answers)).toEqual(new Set(['[{"id":7}]']));
    expect(api.arrived).toHaveLength(1);
    await agent.close();
    server.close();
  });

  it("spend one budget, which each can look at", async () => {
    const simulator = await startSimulator({ kind: true, rateLimit: 5 });
    const app = createApp(simulator.basic, async (req, res) => {
      await req.aircall.ping();
      const { limit, remaining, queued } = req.aircall.budget;
      res.json({ limit, remaining, queued });
    });
    await request(app).get("/");
    const { body } = await request(app).get("/");
    expect(body).toEqual({ limit: 5, remaining: 3, queued: 0 });
  });

  it("leave a budget to look at for a request that sends nothing itself, with an API key", async () => {
    const simulator = await startSimulator({ kind: true, rateLimit: 5 });
    const app = createApp(simulator.basic, async (req, res) => {
      if (req.query["ask"]) await req.aircall.ping();
      res.json(req.aircall.budget);
    });
    await request(app).get("/?ask=1");
    const { body } = await request(app).get("/");
    const lanes = { interactive: { remaining: 4, queued: 0 }, bulk: { remaining: 1, queued: 0 } };
    expect(body).toEqual({ limit: 5, remaining: 4, reset: expect.any(String), queued: 0, lanes });
  });

  it("leave it to look at for another company's client before its first request", async () => {
    const simulator = await startSimulator({ kind: true, rateLimit: 5 });
    const { id } = simulator.companies[0];
    const connected = createConnectedApp(
      { ...getAndRefresh(simulator), grants: memoryGrants() },
      {
        routes: (app) =>
          app.get("/budgets", async (req, res) => {
            const [before, job] = [req.aircall.as(id).budget, connected.auth.clientFor(id).budget];
            if (req.query["ask"]) await req.aircall.ping();
            res.json([before, job].map(({ limit, remaining }) => ({ limit, remaining })));
          }),
      },
    );
    const browser = browserAt(connected);
    await signIn(browser, simulator, { companyId: id });

    const unused = { limit: 120, remaining: null };
    expect((await browser.visit("/budgets?ask=1")).body).toEqual([unused, unused]);
    const used = { limit: 5, remaining: expect.any(Number) };
    expect((await browser.visit("/budgets")).body).toEqual([used, used]);
  });

  it.each<[string, (simulator: Simulator) => AircallAuthOptions]>([
    ["an API key", (simulator) => simulator.basic],
    [
      "an access token",
      (simulator) => ({ apiUrl: simulator.url, oauthAccessToken: simulator.issueToken().access_token }),
    ],
  ])("leave it to look at for jobs and as(), with %s", async (_what, settingsFor) => {
    const simulator = await startSimulator({ kind: true, rateLimit: 5 });
    const { id } = simulator.companies[0];
    const auth = aircallAuth(settingsFor(simulator));
    auths.push(auth);
    const app = express().use(session({ secret: "s", resave: false, saveUninitialized: false }), auth);
    app.get("/", async (req, res) => {
      await req.aircall.ping();
      res.json([req.aircall.as(id).budget.limit, auth.clientFor(id).budget.limit]);
    });
    expect((await request(app).get("/")).body).toEqual([5, 5]);
  });

  it("go round by session: who asks little is served in the next window, however much another asks", async () => {
    const simulator = await startSimulator({ kind: true, rateLimit: 10, rateWindowSeconds: 3 });
    const auth = aircallAuth({ ...simulator.basic, timeoutMs: 20_000 });
    auths.push(auth);
    const app = express().use(session({ secret: "s", resave: false, saveUninitialized: true }), auth);
    const order: unknown[] = [];
    app.get("/", async (req, res) => {
      // Each its own, for those that are the same are sent as one.
      await req.aircall.calls.list({ from: 1_700_000_000 + Number(req.query["n"]) });
      order.push(req.query["who"]);
      res.end();
    });
    const server = createServer(app).listen(0, "127.0.0.1");
    await once(server, "listening");
    const [noisy, quiet] = [request.agent(server), request.agent(server)];
    for (const tab of [noisy, quiet]) await tab.get("/?who=first&n=100");
    const flood = Array.from({ length: 30 }, async (_, n) => noisy.get(`/?who=noisy&n=${n}`));
    while (order.length < 10) await pause(5);
    const before = order.length;
    await quiet.get("/?who=quiet&n=200").expect(200);
    const place = order.indexOf("quiet");
    await Promise.all(flood);
    server.close();

    // Behind all that were asked before it would be twenty later.
    expect(place - before).toBeLessThan(10);
  });

  it("are refused here, not by Aircall, when the budget opens too late for them", async () => {
    const simulator = await startSimulator({ kind: true, rateLimit: 2 });
    const app = createApp(simulator.basic, async (req, res) => void res.json(await req.aircall.ping()));
    for (const status of [200, 200, 429]) await request(app).get("/").expect(status);
    const { headers } = await request(app).get("/").expect(429);
    expect(Number(headers["retry-after"])).toBeGreaterThan(30);
    expect(simulator.counts).toMatchObject({ requests: 2, limited: 0 });
  });
});

describe("requests that never left", () => {
  const turns = () => createBudgets({ limit: 2 });

  it("use up nothing when the token could not be renewed", async () => {
    const api = await serve({ body: { ping: "pong" } });
    const failing = { ...token, credential: () => Promise.reject(new RenewalFailedError("it is down.", 0)) };
    const client = new AircallClient(connect(api, { tokens: failing, limiter: turns() }));
    for (let n = 0; n < 5; n++) await expect(client.ping()).rejects.toMatchObject({ code: "renewal_failed" });
    expect(api.arrived).toHaveLength(0);
  });

  it.each(["GET", "POST"] as const)(
    "use up nothing when the caller of a %s left before the token came",
    async (method) => {
      const api = await serve({ body: {} });
      let credential = (): typeof given => new Promise(() => undefined);
      const given = token.credential({} as never);
      const tokens = { ...token, credential: () => credential() };
      const client = new AircallClient(connect(api, { tokens, limiter: turns() }));
      for (let n = 0; n < 5; n++) {
        const signal = AbortSignal.timeout(20);
        await expect(client.request(method, "/v1/things", { signal })).rejects.toMatchObject({ name: "TimeoutError" });
      }
      credential = () => given;
      await client.request(method, "/v1/things");
      expect(api.arrived).toHaveLength(1);
    },
  );

  it("are counted where they left and nobody waited for the answer", async () => {
    const api = await serve(() => undefined);
    const client = new AircallClient(connect(api, { limiter: turns(), timeoutMs: 1_000 }));
    for (const code of ["timeout", "timeout", "rate_limited"]) {
      await expect(client.request("POST", "/v1/things")).rejects.toMatchObject({ code });
    }
    expect(api.arrived).toHaveLength(2);
  });
});
