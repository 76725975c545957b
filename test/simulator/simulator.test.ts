import express from "express";
import request from "supertest";
import { createSimulator, type SimulatorOptions } from "express-aircall/simulator";
import { startSimulator } from "../support/servers/simulated";

describe("createSimulator", () => {
  it("hands out the settings that reach it", async () => {
    const simulator = await startSimulator({ clientId: "app", clientSecret: "hush" });

    expect(simulator.oauth).toEqual({
      authScheme: "OAuth",
      apiUrl: simulator.url,
      authorizeUrl: `${simulator.url}/oauth/authorize`,
      tokenUrl: `${simulator.url}/v1/oauth/token`,
      oauthClientId: "app",
      oauthClientSecret: "hush",
    });
    const { apiId, apiToken } = simulator.companies[0];
    expect(simulator.basic).toEqual({ authScheme: "Basic", apiUrl: simulator.url, user: apiId, password: apiToken });
  });

  it("says so when its address is asked for too early", () => {
    expect(() => createSimulator().url).toThrow(/listen\(\)/);
  });

  it("can be mounted in another app, links included", async () => {
    const simulator = createSimulator({ url: "http://shop.example/aircall/" });
    const app = express().use("/aircall", simulator.handler);
    const { user, password } = simulator.basic;

    const { body } = await request(app)
      .get("/aircall/v1/calls?per_page=1")
      .set("Host", "shop.example")
      .auth(user, password);

    expect(body.meta.next_page_link).toBe("http://shop.example/aircall/v1/calls?per_page=1&page=2");
    expect(body.calls[0].direct_link).toMatch(/^http:\/\/shop\.example\/aircall\/v1\/calls\/\d+$/);
    expect(simulator.oauth.tokenUrl).toBe("http://shop.example/aircall/v1/oauth/token");
  });

  it("remembers requests, their credential's kind and company, and what they were answered", async () => {
    const simulator = await startSimulator();
    const { user, password } = simulator.basic;

    await request(simulator.url).get("/v1/calls?page=2").auth(user, password);
    await request(simulator.url).get("/v1/ping").auth("wrong", { type: "bearer" });
    await request(simulator.url).post("/v1/oauth/token").send({});

    const common = { at: expect.any(Number), companyId: null, query: "", reason: null };
    expect(simulator.requests).toEqual([
      {
        ...common,
        method: "GET",
        path: "/v1/calls",
        route: "/v1/calls",
        query: "?page=2",
        authorization: "Basic",
        status: 200,
        companyId: simulator.companies[0].id,
      },
      {
        ...common,
        method: "GET",
        path: "/v1/ping",
        route: "/v1/ping",
        authorization: "Bearer",
        status: 403,
        reason: "There is no such token",
      },
      {
        ...common,
        method: "POST",
        path: "/v1/oauth/token",
        route: "/v1/oauth/token",
        authorization: null,
        status: 401,
      },
    ]);
    expect(simulator.counts).toEqual({ requests: 3, tokenRequests: 1, limited: 0 });
  });

  it("forgets requests when told to, and the oldest beyond a thousand", async () => {
    const simulator = await startSimulator();
    for (let sent = 0; sent < 1_003; sent += 1) await fetch(`${simulator.url}/v1/ping?${sent}`);

    expect([simulator.requests.length, simulator.requests[0]?.query, simulator.counts.requests]).toEqual([
      1_000,
      "?3",
      1_003,
    ]);

    simulator.clearRequests();
    expect([simulator.requests, simulator.counts]).toEqual([[], { requests: 0, tokenRequests: 0, limited: 0 }]);
  });

  it("lets an app switch its integration off and on", async () => {
    const simulator = await startSimulator();
    const client = request.agent(simulator.url).auth(simulator.issueToken().access_token, { type: "bearer" });
    const active = async (): Promise<unknown> => (await client.get("/v1/integrations/me")).body.integration.active;

    const off = [(await client.post("/v1/integrations/disable")).status, await active()];
    const on = [(await client.post("/v1/integrations/enable")).status, await active()];

    expect([off, on]).toEqual([
      [204, false],
      [204, true],
    ]);
  });

  it.each([
    ["an option it does not know", { cals: 5 }, /no option "cals"\. Known: .*\bcalls, contacts, /],
    ["a busier company than it can number", { callsPerDay: 5_001 }, /callsPerDay/],
    ["tokens of a kind it does not know", { tokens: "rotate" }, /tokens is "permanent" or "rotating"\./],
    ["another way to meet reuse", { reuseDetection: "lax" }, /reuseDetection is "strict" or "tolerant"\./],
    ["another unit of the reset", { rateResetUnit: "min" }, /rateResetUnit is "s" or "ms"\./],
    ["a rate limit that refuses everything", { rateLimit: 0 }, /rateLimit is a whole number from 1\./],
  ])("refuses %s", (_what, options, message) => {
    expect(() => createSimulator(options as SimulatorOptions)).toThrow(message);
  });

  it("refuses to issue a token for a company it does not have", () => {
    expect(() => createSimulator().issueToken({ companyId: 1 })).toThrow("no company 1");
  });

  it("fails to listen where something else does, and can be closed twice", async () => {
    const first = await startSimulator();
    const second = createSimulator();

    await expect(second.listen(Number(new URL(first.url).port))).rejects.toMatchObject({ code: "EADDRINUSE" });
    await second.close();
    await first.close();
    await expect(first.close()).resolves.toBeUndefined();
  });
});
