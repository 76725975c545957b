import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Agent } from "undici";
import { pathOf } from "../support/browser/browser";
import { browserAt, createConnectedApp, getAndRefresh, origin } from "../support/apps/connected-app";
import { startSimulator } from "../support/servers/simulated";
import { watchGrants } from "../support/watched-grants";
import { rounds } from "../support/promised";

const logout = "/auth/aircall/logout";

describe("the answers of the sign-in routes", () => {
  it.each([
    ["a sign-in", "/auth/aircall", 302],
    ["an installation", "/auth/aircall/install", 302],
    ["a page that needs an account", "/calls", 302],
    ["a callback without anything", "/auth/aircall/callback", 400],
    ["a callback with a code from nowhere", "/auth/aircall/callback?code=c&state=s", 400],
    ["an error answer from nowhere", "/auth/aircall/callback?error=access_denied&state=s", 400],
    ["a logout by GET", logout, 405],
  ])("are kept by nobody and named to nobody: %s", async (_what, path, status) => {
    const browser = browserAt(createConnectedApp(getAndRefresh(await startSimulator())));
    const answer = await browser.visit(path);
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject({ "cache-control": "no-store", "referrer-policy": "no-referrer" });
  });

  it("are so too when a sign-in is finished, refused or fails on the way, and when it ends", async () => {
    const simulator = await startSimulator();
    const browser = browserAt(createConnectedApp(getAndRefresh(simulator)));
    const faults = [{}, { path: "/v1/oauth/token" }, { path: "/v1/integrations/me" }];
    const answers = [];
    for (const match of faults) {
      const sentAway = await browser.visit("/auth/aircall");
      const repair = match.path === undefined ? () => undefined : simulator.fail({ match, status: 500 });
      answers.push(await browser.visit(pathOf(simulator.consent(sentAway.headers["location"]!))));
      repair();
    }
    const denied = await browser.visit("/auth/aircall");
    answers.push(await browser.visit(pathOf(simulator.consent(denied.headers["location"]!, { deny: true }))));
    answers.push(await browser.agent.get("/auth/aircall").set("Accept", "application/json"));
    answers.push(await browser.agent.post(logout).set("Sec-Fetch-Site", "cross-site"));
    answers.push(await browser.submit(logout));
    expect(answers.map(({ status }) => status)).toEqual([302, 502, 502, 403, 401, 403, 303]);
    for (const { headers } of answers) {
      expect(headers).toMatchObject({ "cache-control": "no-store", "referrer-policy": "no-referrer" });
    }
  });

  it.each(["/auth/aircall", "/auth/aircall/callback?code=c&state=s", logout])(
    "are so too without a session: %s",
    async (path) => {
      const settings = getAndRefresh(await startSimulator());
      const { app } = createConnectedApp(settings, { session: (_req, _res, next) => next() });
      const browser = browserAt({ app });
      const answer = await (path === logout ? browser.submit(path) : browser.visit(path));
      expect([answer.status, answer.headers]).toMatchObject([
        500,
        { "cache-control": "no-store", "referrer-policy": "no-referrer" },
      ]);
    },
  );

  it("never hold a text that came with the callback", async () => {
    const browser = browserAt(createConnectedApp(getAndRefresh(await startSimulator())));
    const evil = encodeURIComponent("<script>alert(1)</script>\r\nX-Evil: 1");
    for (const query of [
      `error=${evil}&state=s`,
      `error=access_denied&error_description=${evil}`,
      `code=${evil}&state=${evil}`,
    ]) {
      const answer = await browser.visit(`/auth/aircall/callback?${query}`);
      expect([answer.status, answer.headers["x-evil"]]).toEqual([400, undefined]);
      expect(answer.text).not.toContain("script");
    }
  });
});

describe("10,000 sign-in hits without a cookie", () => {
  it("leave no session and no record behind", async () => {
    const grants = watchGrants();
    const connected = createConnectedApp({ ...getAndRefresh(await startSimulator()), grants: grants.store });
    const server = createServer(connected.app).listen(0, "127.0.0.1");
    await once(server, "listening");
    const agent = new Agent({ connections: 20, pipelining: 1 });
    const { port } = server.address() as AddressInfo;
    const visit = async (path: string) => {
      const headers = { host: new URL(origin).host, accept: "text/html" };
      const answer = await agent.request({ origin: `http://127.0.0.1:${port}`, path, method: "GET", headers });
      await answer.body.dump();
      return answer.statusCode;
    };

    const statuses = new Set<number>();
    for (let round = 0; round < rounds(10, 100); round++) {
      const paths = Array.from({ length: 100 }, (_, hit) => (hit % 10 === 0 ? "/calls" : "/auth/aircall"));
      for (const status of await Promise.all(paths.map(visit))) statuses.add(status);
    }
    expect([...statuses]).toEqual([302]);
    expect([await connected.sessions(), grants.ids.length]).toEqual([0, 0]);
    await agent.close();
    server.close();
  }, 120_000);
});
