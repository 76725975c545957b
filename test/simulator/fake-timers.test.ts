import request from "supertest";
import { createSimulator } from "express-aircall/simulator";
import { createConnectedApp, getAndRefresh } from "../support/apps/connected-app";
import { startSimulator } from "../support/servers/simulated";
import { apiOf } from "../support/servers/simulated-api";

afterEach(() => {
  jest.useRealTimers();
});

describe("the simulator under jest.useFakeTimers()", () => {
  it("answers reads and writes, and signs an app in", async () => {
    jest.useFakeTimers();
    const simulator = await startSimulator();
    const { app } = createConnectedApp(getAndRefresh(simulator));

    await apiOf(simulator).post("/v1/tags").send({ name: "Late", color: "#00b388" }).expect(200);
    const cookie = await simulator.signIn(app, { headers: { Host: "localhost:1234" } });

    for (let visit = 0; visit < 3; visit += 1) await request(app).get("/calls").set("Cookie", cookie).expect(200);
    jest.useRealTimers(); // the app is closed by the time of others
  });

  it("goes by the test's clock, also one that was set later", async () => {
    const simulator = await startSimulator({ rateLimit: 1 });
    jest.useFakeTimers({ now: Date.UTC(2030, 0, 1) });
    const ping = async () => (await apiOf(simulator).get("/v1/ping")).status;

    const statuses = [await ping(), await ping()];
    jest.advanceTimersByTime(60_000);
    statuses.push(await ping());

    expect(statuses).toEqual([200, 429, 200]);
    expect(simulator.requests[0]!.at).toBe(Date.UTC(2030, 0, 1));
  });

  it("is late by real milliseconds, as a fault asks", async () => {
    jest.useFakeTimers();
    const simulator = await startSimulator();
    simulator.fail({ latencyMs: 5 });
    await apiOf(simulator).get("/v1/ping").expect(200);
  });

  it("is created and closed", async () => {
    jest.useFakeTimers();
    const simulator = createSimulator();
    await simulator.listen();
    await fetch(`${simulator.url}/v1/ping`);
    await simulator.close();
  });
});
