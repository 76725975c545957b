import type { RequestHandler } from "express";
import request from "supertest";
import { createConnectedApp } from "../support/apps/connected-app";
import { startSimulator } from "../support/servers/simulated";

const noSession: RequestHandler = (_req, _res, next) => next();

describe("aircallAuth with an API key", () => {
  it("puts the company's client on every request, without a session", async () => {
    const simulator = await startSimulator();
    const { app } = createConnectedApp(simulator.basic, { session: noSession });
    expect((await request(app).get("/calls")).body).toEqual({ calls: 5 });
    expect(simulator.requests.map(({ authorization }) => authorization)).toEqual(["Basic"]);
  });

  it("reads the key from a connection string", async () => {
    const simulator = await startSimulator();
    const { user, password, apiUrl } = simulator.basic;
    const connection = `Profile=C:\\profiles\\AirCall.apip;User=${user};Password=${password};`;
    const { app } = createConnectedApp({ connection, apiUrl });
    expect((await request(app).get("/calls")).body).toEqual({ calls: 5 });
  });

  it("says that Aircall refused the key, not that something is forbidden", async () => {
    const simulator = await startSimulator();
    const answer = await request(createConnectedApp({ ...simulator.basic, password: "wr0ng-key" }).app).get("/calls");
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({ code: "credentials_refused" });
    expect(answer.body).toMatchObject({ message: expect.stringContaining("Aircall refused the API ID and token") });
    expect(answer.text).not.toContain("wr0ng-key");
  });

  it("asks for the account once, and again when that failed", async () => {
    const simulator = await startSimulator();
    const { app } = createConnectedApp(simulator.basic);
    simulator.fail({ match: { path: "/v1/company" }, status: 404, times: 1 });
    expect((await request(app).get("/account")).status).toBe(404);
    for (let visit = 0; visit < 3; visit++) {
      const { body } = await request(app).get("/account");
      expect(body).toEqual({ id: null, name: simulator.companies[0].name, user: null });
    }
    expect(simulator.requests.filter(({ path }) => path === "/v1/company")).toHaveLength(2);
  });

  it.each(["null", "[]", '"text"', "{}", '{"company":null}', '{"company":{"name":{"a":1}}}'])(
    "answers an account or a clear error when Aircall says %s",
    async (body) => {
      const simulator = await startSimulator();
      simulator.fail({ match: { path: "/v1/company" }, body: JSON.parse(body) });
      const answer = await request(createConnectedApp(simulator.basic).app).get("/account");
      if (answer.status !== 200) expect(answer.body).toMatchObject({ code: "connection_failed" });
      else expect(answer.body).toEqual({ id: null, name: null, user: null });
    },
  );

  it("will not disconnect the app's own key, and knows no other company", async () => {
    const { basic } = await startSimulator();
    const { app } = createConnectedApp(basic, {
      routes: (app) => app.get("/as", async (req, res) => void res.json(await req.aircall.as(7).ping())),
    });
    expect((await request(app).post("/disconnect")).body).toMatchObject({ code: "config_invalid" });
    const as = await request(app).get("/as");
    expect(as.body).toMatchObject({ code: "config_invalid", message: expect.stringContaining("as(company)") });
  });
});
