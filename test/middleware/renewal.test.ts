import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import type { RequestHandler } from "express";
import { requireAircall } from "express-aircall";
import { createSimulator, type Simulator, type SimulatorOptions } from "express-aircall/simulator";
import { browserAt, createConnectedApp, getAndRefresh, signIn } from "../support/apps/connected-app";
import { moveTime } from "../support/moved-time";
import { startSimulator } from "../support/servers/simulated";
import { watchGrants } from "../support/watched-grants";

const time = moveTime();

describe("an expired token, at the door", () => {
  it("is renewed by one request for 50 that arrive together, and all succeed", async () => {
    const { browser, simulator, grants } = await startSignedIn({ tokens: "rotating" });
    await grants.expire();
    const answers = await Promise.all(Array.from({ length: 50 }, () => browser.visit("/calls")));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(50);
    expect(simulator.counts.tokenRequests).toBe(1);
    expect((await browser.visit("/calls")).status).toBe(200);
    expect(simulator.counts.tokenRequests).toBe(1);
  });

  it("is renewed in the middle, when Aircall says 401 to a token that should have lived on", async () => {
    const { browser, simulator, grants } = await startSignedIn({ tokens: "rotating" });
    await grants.age(null);
    simulator.fail({ match: { path: "/v1/calls" }, status: 401, times: 1 });
    expect((await browser.visit("/calls")).body).toEqual({ calls: 5 });
    expect(simulator.counts.tokenRequests).toBe(1);
  });

  it("stays untouched while the token endpoint is down, with a word when to come back", async () => {
    const { browser, simulator, grants } = await startSignedIn({ tokens: "rotating" });
    await grants.expire();
    const repair = simulator.fail({ match: { path: "/v1/oauth/token" }, status: 503 });
    const answer = await browser.visit("/calls");
    expect([answer.status, answer.body]).toMatchObject([503, { code: "renewal_failed", retryAfterMs: 5_000 }]);
    repair();
    expect((await browser.visit("/account")).body).toMatchObject({ id: simulator.companies[0].id });
  });

  it("ends in signing in again once the refresh token is refused", async () => {
    const { browser, simulator, grants } = await startSignedIn({ tokens: "rotating" });
    await grants.expire();
    simulator.revoke(simulator.companies[0].id);
    // The guard reads what is stored; only using the grant finds out.
    expect((await browser.agent.get("/open")).body).toMatchObject({ error: "reconnect_required" });
    expect((await browser.visit("/calls")).headers["location"]).toBe("/auth/aircall?return_to=%2Fcalls&reason=revoked");
    expect(simulator.counts.tokenRequests).toBe(1);
  });

  it("is not renewed with OFF", async () => {
    const simulator = await startSimulator({ tokens: "rotating" });
    const grants = watchGrants();
    const settings = { ...getAndRefresh(simulator), grants: grants.store };
    const signedIn = browserAt(createConnectedApp(settings));
    await signIn(signedIn, simulator);
    await grants.expire();
    simulator.clearRequests();
    simulator.fail({ match: { path: "/v1/calls" }, status: 401 });
    const { app } = createConnectedApp({ ...settings, initiateOAuth: "OFF" }, { session: holding(grants.ids) });
    const answer = await browserAt({ app }).visit("/calls");
    expect([answer.status, simulator.counts.tokenRequests]).toEqual([401, 0]);
  });
});

describe("a 403, at the door", () => {
  it("is the caller's own refusal when Aircall still accepts the token, asked once", async () => {
    const { browser, simulator } = await startSignedIn();
    simulator.fail({ match: { path: "/v1/calls" }, status: 403 });
    for (let visit = 0; visit < 3; visit++) {
      const answer = await browser.visit("/calls");
      expect([answer.status, answer.body]).toMatchObject([403, { name: "ApiError", code: "not_entitled" }]);
    }
    expect(pings(simulator)).toBe(1);
    expect((await browser.visit("/account")).body).toMatchObject({ id: simulator.companies[0].id });
  });

  it("suspends the grant when Aircall refuses the token for a minute, by one ping for 20 requests each time", async () => {
    const { browser, simulator } = await startSignedIn();
    simulator.revoke(simulator.companies[0].id);
    const twenty = () => Promise.all(Array.from({ length: 20 }, () => browser.agent.get("/open")));
    expect(new Set((await twenty()).map(({ body }): unknown => body.code))).toEqual(new Set(["token_refused"]));
    expect(pings(simulator)).toBe(1);
    time.pass(60_000);
    expect(new Set((await twenty()).map(({ body }): unknown => body.error))).toEqual(new Set(["reconnect_required"]));
    expect(pings(simulator)).toBe(2);
    simulator.clearRequests();
    for (const path of ["/calls", "/guarded"]) {
      expect((await browser.agent.get(path)).body).toMatchObject({ error: "reconnect_required" });
    }
    expect(simulator.counts.requests).toBe(0);
  });
});

describe("close", () => {
  it("waits for a renewal under way, whose tokens are kept", async () => {
    const { browser, simulator, grants, connected } = await startSignedIn({ tokens: "rotating" });
    await grants.expire();
    simulator.fail({ match: { path: "/v1/oauth/token" }, latencyMs: 200, times: 1 });
    const answer = browser.visit("/calls").then((answer) => answer);
    await untilAsked(simulator, "/v1/oauth/token");
    const before = await grants.memory.get(grants.ids[0]!);
    const replace = grants.memory.replace.bind(grants.memory);
    grants.store.replace = (...args) => pause(100).then(() => replace(...args));
    await connected.auth.close();
    const after = await grants.memory.get(grants.ids[0]!);
    expect(after?.refreshToken).not.toBe(before?.refreshToken);
    expect(after?.version).toBe(before!.version + 1);
    await answer;
  });

  it("leaves no connection open, and may be called again", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const simulator = createSimulator({ url });
    server.on("request", simulator.handler);
    const { app, auth } = createConnectedApp(simulator.basic);
    expect((await browserAt({ app }).visit("/calls")).status).toBe(200);

    await auth.close();
    await auth.close();
    const left = await soonZero(promisify(server.getConnections.bind(server)));
    server.closeAllConnections();
    server.close();
    expect(left).toBe(0);
  });
});

async function startSignedIn(options: SimulatorOptions = {}) {
  const simulator = await startSimulator(options);
  const grants = watchGrants();
  const connected = createConnectedApp(
    { ...getAndRefresh(simulator), grants: grants.store },
    { routes: (app) => app.get("/guarded", requireAircall(), (_req, res) => void res.send("unused")) },
  );
  const browser = browserAt(connected);
  await signIn(browser, simulator);
  simulator.clearRequests();
  return { simulator, grants, connected, browser };
}

function pings(simulator: Simulator): number {
  return simulator.requests.filter(({ path }) => path === "/v1/ping").length;
}

/** Resolves when a request has arrived there. */
async function untilAsked(simulator: Simulator, path: string): Promise<void> {
  while (!simulator.requests.some((request) => request.path === path)) {
    await pause(5);
  }
}

/** A session as express-session would have read it, holding these grants. */
function holding(ids: readonly string[]): RequestHandler {
  return function session(req, _res, next) {
    Object.assign(req, { session: { aircall: ids } });
    next();
  };
}

/** What `count` comes to within a second. */
async function soonZero(count: () => Promise<number>): Promise<number> {
  for (let tries = 0; tries < 100 && (await count()) > 0; tries++) {
    await pause(10);
  }
  return count();
}
