import type { Simulator } from "express-aircall/simulator";
import type { Browser } from "../support/browser/browser";
import {
  browserAt,
  countCalls,
  createConnectedApp,
  getAndRefresh,
  origin,
  signIn,
} from "../support/apps/connected-app";
import { startSimulator } from "../support/servers/simulated";
import { watchGrants } from "../support/watched-grants";

const logout = "/auth/aircall/logout";

describe("signing out", () => {
  it.each([
    ["this site's form", { "Sec-Fetch-Site": "same-origin" }],
    ["this site's fetch", { "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors" }],
    ["a form of an old browser", { Origin: origin }],
    ["this site's form that says both", { "Sec-Fetch-Site": "same-origin", Origin: origin }],
    ["this site's form under no-referrer", { "Sec-Fetch-Site": "same-origin", Origin: "null" }],
    [
      "this site's form that a service worker handed on",
      { "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "empty" },
    ],
  ])("ends the grant and the session for %s", async (_who, headers) => {
    const { browser, grants, connected } = await startSignedIn();
    const answer = await browser.agent.post(logout).set(headers);
    expect([answer.status, answer.headers["location"]]).toEqual([303, `${origin}/`]);
    expect([await grants.count(), await connected.sessions()]).toEqual([0, 0]);
    expect((await browser.visit("/account")).body).toBeNull();
  });

  it.each([
    ["a cross-site form", { "Sec-Fetch-Site": "cross-site", Origin: "https://evil.example" }],
    ["a form of another subdomain", { "Sec-Fetch-Site": "same-site", Origin: "http://other.localhost:1234" }],
    ["a form that lies about Origin", { "Sec-Fetch-Site": "cross-site", Origin: origin }],
    ["a form whose Origin is another", { "Sec-Fetch-Site": "same-origin", Origin: "https://evil.example" }],
    ["a form whose Origin is another port", { "Sec-Fetch-Site": "same-origin", Origin: "http://localhost:1235" }],
    [
      "a form whose Origin is another subdomain",
      { "Sec-Fetch-Site": "same-origin", Origin: "http://a.localhost:1234" },
    ],
    ["a bookmark", { "Sec-Fetch-Site": "none" }],
    ["a cross-site form of an old browser", { Origin: "https://evil.example" }],
    ["a form without an origin", { Origin: "null" }],
    ["another port", { Origin: "http://localhost:1235" }],
    ["a request that says nothing", {}],
    ["a request with only a Referer", { Referer: `${origin}/` }],
    ["a request whose Host agrees with its Origin", { Host: "evil.example", Origin: "http://evil.example" }],
  ])("refuses %s", async (_who, headers) => {
    const { browser, grants } = await startSignedIn();
    const answer = await browser.agent.post(logout).set(headers);
    expect([answer.status, answer.headers["set-cookie"], await grants.count()]).toEqual([403, undefined, 1]);
    expect((await browser.visit("/calls")).status).toBe(200);
  });

  it.each(["get", "head", "put", "delete"] as const)("takes no %s, as images and links send", async (method) => {
    const { browser, grants } = await startSignedIn();
    const answer = await browser.agent[method](logout).set("Sec-Fetch-Site", "same-origin");
    expect([answer.status, answer.headers["allow"], await grants.count()]).toEqual([405, "POST", 1]);
  });

  it.each([
    ["/bye?x=1", `${origin}/bye?x=1`],
    ["https://evil.example", `${origin}/`],
    ["//evil.example", `${origin}/`],
  ])("goes on to %s only on this site", async (wanted, location) => {
    const { browser } = await startSignedIn();
    const answer = await browser.submit(`${logout}?return_to=${encodeURIComponent(wanted)}`);
    expect(answer.headers["location"]).toBe(location);
  });

  it("succeeds for somebody who is not connected", async () => {
    const browser = browserAt(createConnectedApp(getAndRefresh(await startSimulator())));
    expect((await browser.submit(logout)).status).toBe(303);
  });

  it("leaves nothing for the old cookie to reach, even when a slow request writes the session back", async () => {
    const { browser, simulator, connected, writing, finish } = await startSlowWriter();
    const late = browser.visit("/slow").then((answer) => answer);
    await writing;
    expect((await browser.submit(logout)).status).toBe(303);
    finish();
    expect((await late).text).toBe("written");
    expect(await connected.sessions()).toBe(1);
    simulator.clearRequests();
    expect((await browser.agent.get("/calls")).body).toMatchObject({ error: "not_connected" });
    expect(simulator.counts.requests).toBe(0);
  });

  it("answers 503 and ends nothing when the record cannot be deleted", async () => {
    const { browser, grants } = await startSignedIn();
    const { memory } = grants;
    grants.store.delete = () => Promise.reject(new Error("READONLY You can't write"));
    const answer = await browser.submit(logout);
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(await memory.get(grants.ids[0]!)).not.toBeNull();
    expect((await browser.visit("/calls")).status).toBe(200);
  });
});

describe("a record that is gone", () => {
  it.each([["/calls"], ["/open"]])("means not connected at %s, without a question to Aircall", async (path) => {
    const { browser, grants, simulator } = await startSignedIn();
    await grants.wipe();
    simulator.clearRequests();
    expect((await browser.agent.get(path)).body).toMatchObject({ error: "not_connected" });
    expect((await browser.visit("/account")).body).toBeNull();
    expect(simulator.counts.requests).toBe(0);
    expect((await browser.submit("/disconnect")).status).toBe(200);
    expect((await browser.submit(logout)).status).toBe(303);
  });

  it("between two calls of one request ends no later than with that request", async () => {
    const simulator = await startSimulator();
    const grants = watchGrants();
    const connected = createConnectedApp(
      { ...getAndRefresh(simulator), grants: grants.store },
      {
        routes: (app) =>
          app.get("/twice", async (req, res) => {
            const first = await countCalls(req.aircall);
            await grants.wipe();
            res.json([first, await countCalls(req.aircall).catch((error: { code: string }) => error.code)]);
          }),
      },
    );
    const browser = browserAt(connected);
    await signIn(browser, simulator);
    expect((await browser.visit("/twice")).body).toEqual([5, 5]);
    expect((await browser.agent.get("/calls")).body).toMatchObject({ error: "not_connected" });
  });

  it("between a call and its 403 means not connected", async () => {
    const { browser, simulator, grants } = await startSignedIn();
    simulator.fail({ match: { path: "/v1/calls" }, latencyMs: 100, status: 403 });
    const answer = browser.agent.get("/open").then((answer) => answer);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await grants.wipe();
    expect((await answer).body).toMatchObject({ error: "not_connected" });
  });

  it.each(["create", "settle", "claim"] as const)(
    "during sign-in, after %s, is no connection and no crash",
    async (step) => {
      const simulator = await startSimulator();
      const grants = watchGrants();
      const method = grants.store[step].bind(grants.store) as (...args: unknown[]) => Promise<unknown>;
      const store = {
        ...grants.store,
        async [step](...args: unknown[]) {
          const answer = await method(...args);
          await grants.wipe();
          return answer;
        },
      };
      const browser = browserAt(createConnectedApp({ ...getAndRefresh(simulator), grants: store }));
      expect((await signIn(browser, simulator)).status).toBe(302);
      const connected = step === "claim";
      expect((await browser.agent.get("/calls")).status).toBe(connected ? 200 : 401);
    },
  );

  it("means the same to the request that deleted it, however often it does", async () => {
    const simulator = await startSimulator();
    const grants = watchGrants();
    const connected = createConnectedApp(
      { ...getAndRefresh(simulator), grants: grants.store },
      {
        routes: (app) =>
          app.get("/leave", async (req, res) => {
            await req.aircall.disconnect();
            await req.aircall.disconnect();
            res.json([
              await req.aircall.account(),
              await countCalls(req.aircall).catch((error: { code: string }) => error.code),
            ]);
          }),
      },
    );
    const browser = browserAt(connected);
    await signIn(browser, simulator);
    expect((await browser.visit("/leave")).body).toEqual([null, "not_connected"]);
    expect(await grants.count()).toBe(0);
  });
});

async function startSignedIn(): Promise<{
  browser: Browser;
  simulator: Simulator;
  grants: ReturnType<typeof watchGrants>;
  connected: ReturnType<typeof createConnectedApp>;
}> {
  const simulator = await startSimulator();
  const grants = watchGrants();
  const connected = createConnectedApp({ ...getAndRefresh(simulator), grants: grants.store });
  const browser = browserAt(connected);
  await signIn(browser, simulator);
  return { browser, simulator, grants, connected };
}

async function startSlowWriter() {
  const simulator = await startSimulator();
  let begun: () => void = () => undefined;
  let finish: () => void = () => undefined;
  const writing = new Promise<void>((resolve) => (begun = resolve));
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const connected = createConnectedApp(getAndRefresh(simulator), {
    routes: (app) =>
      app.get("/slow", async (req, res) => {
        begun();
        await finished;
        Object.assign(req.session, { basket: 1 });
        res.send("written");
      }),
  });
  const browser = browserAt(connected);
  await signIn(browser, simulator);
  return { browser, simulator, connected, writing, finish };
}
