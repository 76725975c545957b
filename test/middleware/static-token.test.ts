import request from "supertest";
import { aircallAuth } from "express-aircall";
import type { Simulator } from "express-aircall/simulator";
import { createConnectedApp, getAndRefresh } from "../support/apps/connected-app";
import { moveTime } from "../support/moved-time";
import { startSimulator } from "../support/servers/simulated";

const time = moveTime();

describe("aircallAuth with a token obtained elsewhere", () => {
  it("serves the token's company to every visitor", async () => {
    const simulator = await startSimulator();
    const { id, name, integration } = simulator.companies[1];
    const token = simulator.issueToken({ companyId: id });
    const { app } = createConnectedApp({ apiUrl: simulator.url, oauthAccessToken: token.access_token });
    expect((await request(app).get("/calls")).body).toEqual({ calls: 5 });
    expect((await request(app).get("/account")).body).toMatchObject({ id, name, user: { id: integration.user?.id } });
    expect(simulator.counts.tokenRequests).toBe(0);
  });

  it("renews an expired token once for all requests, and works on with the next", async () => {
    const simulator = await startSimulator({ tokens: "rotating" });
    const { app } = createConnectedApp(expired(simulator));
    const answers = await Promise.all(Array.from({ length: 20 }, () => request(app).get("/calls")));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect((await request(app).get("/calls")).status).toBe(200);
    expect(simulator.counts.tokenRequests).toBe(1);
  });

  it("renews after a 401", async () => {
    const simulator = await startSimulator({ tokens: "rotating" });
    const { oauthExpiresIn: _unknown, ...settings } = expired(simulator);
    simulator.fail({ match: { path: "/v1/calls" }, status: 401, times: 1 });
    const { app } = createConnectedApp(settings);
    expect((await request(app).get("/calls")).status).toBe(200);
    expect(simulator.counts.tokenRequests).toBe(1);
  });

  it("never renews with OFF", async () => {
    const simulator = await startSimulator({ tokens: "rotating" });
    const { app } = createConnectedApp({ ...expired(simulator), initiateOAuth: "OFF" });
    expect((await request(app).get("/calls")).status).toBe(200);
    expect(simulator.counts.tokenRequests).toBe(0);
  });

  it("says that the account must be connected again a minute after it was revoked, after two questions to Aircall", async () => {
    const simulator = await startSimulator();
    const token = simulator.issueToken();
    const { app } = createConnectedApp({ apiUrl: simulator.url, oauthAccessToken: token.access_token });
    simulator.revoke(token.access_token);
    expect((await request(app).get("/calls")).status).toBe(503);
    time.pass(60_000);
    for (let visit = 0; visit < 3; visit++) {
      const answer = await request(app).get("/calls").set("Accept", "text/html");
      expect([answer.status, answer.body]).toMatchObject([401, { error: "reconnect_required", signInPath: null }]);
    }
    expect(simulator.requests.map(({ path }) => path)).toEqual(["/v1/calls", "/v1/ping", "/v1/ping"]);
  });

  it("knows itself by its company's id", async () => {
    const simulator = await startSimulator();
    const [mine, other] = simulator.companies;
    const { app } = createConnectedApp(
      { apiUrl: simulator.url, oauthAccessToken: simulator.issueToken().access_token },
      {
        routes: (app) =>
          app.get("/as/:id", async (req, res) => void res.json(await req.aircall.as(+req.params.id).ping())),
      },
    );
    expect((await request(app).get(`/as/${mine.id}`)).body).toEqual({ ping: "pong" });
    expect((await request(app).get(`/as/${other.id}`)).body).toMatchObject({ error: "not_connected" });
    expect((await request(app).post("/disconnect")).body).toMatchObject({ code: "config_invalid" });
  });

  it("refuses to sign visitors in besides: whose token would count?", async () => {
    const simulator = await startSimulator();
    const settings = { ...getAndRefresh(simulator), oauthAccessToken: "a-token" };
    expect(() => aircallAuth(settings)).toThrow(/OAuthAccessToken.*GETANDREFRESH.*Remove one/);
  });
});

/** The settings of a token whose hour is over. */
function expired(simulator: Simulator) {
  const { access_token, refresh_token } = simulator.issueToken();
  return {
    ...simulator.oauth,
    oauthAccessToken: access_token,
    oauthRefreshToken: refresh_token!,
    oauthExpiresIn: 3_600,
    oauthTokenTimestamp: Date.now() - 3_600_000,
  };
}
