import express from "express";
import request from "supertest";
import { AircallClient } from "../../src/client/client";
import type { Answer } from "../../src/http/answer";
import { type Reply, useApi } from "../support/servers/api";

const { serve, connect } = useApi();
const campaign = { id: 6, number_id: "5", created_at: "2026-11-16T09:00:00Z" };

async function open(reply: Reply) {
  const api = await serve(reply);
  const client = new AircallClient(connect(api));
  return {
    api,
    campaign: () => client.dialerCampaigns.get(7),
    trackers: () => client.conversationIntelligence.listTrackers(),
  };
}

describe("an answer that is mapped", () => {
  it("comes with its status, headers and rate limit too, from one request", async () => {
    const { api, campaign: ask } = await open({
      body: { dialer_campaign: campaign },
      headers: { "x-request-id": "abc" },
    });
    const answer = ask();
    const { data, response } = await answer.withResponse();
    expect([data, response.status, response.headers.get("x-request-id")]).toEqual([campaign, 200, "abc"]);
    await expect(answer).resolves.toBe(data);
    expect(api.arrived).toHaveLength(1);
  });

  it("is null with its response where Aircall answers with nothing, and a 404 where it has none to give", async () => {
    const nothing = await open({ status: 204 });
    await expect(nothing.campaign().withResponse()).resolves.toMatchObject({ data: null, response: { status: 204 } });
    const refused = await open({ status: 404, body: { error: "Not Found" } });
    await expect(refused.campaign().withResponse()).rejects.toMatchObject({ code: "not_found", status: 404 });
    await expect(refused.campaign()).resolves.toBeNull();
  });

  it("is read on after withResponse as after await", async () => {
    const { trackers } = await open({ body: { trackers: [{ id: "tr-1" }] } });
    await expect(trackers().withResponse()).resolves.toMatchObject({ data: [{ id: "tr-1" }] });
  });

  it.each([
    ["campaign", ' { "wrapper" : [ {"id":7.0} ] } '],
    ["trackers", ' { "trackers" : [ {"id":7.0} ] } '],
  ] as const)("is passed on as it came: %s", async (row, wire) => {
    const given = await open({ body: wire });
    await expect(request(passingOn(given[row])).get("/")).resolves.toMatchObject({ status: 200, text: wire });
    expect(given.api.arrived).toHaveLength(1);
  });

  it("is a refusal for the app's own handler where it is passed on and there is none", async () => {
    const { campaign: ask } = await open({ status: 404, body: { error: "Not Found" } });
    const { status, body } = await request(passingOn(ask)).get("/");
    expect([status, body]).toEqual([502, { code: "not_found" }]);
  });
});

/** An app whose one route hands on what is asked for. */
function passingOn(ask: () => Answer<unknown>) {
  const app = express().get("/", async (_req, res) => ask().pipe(res));
  app.use((error: { code?: string }, _req: express.Request, res: express.Response, _next: express.NextFunction) => {
    res.status(502).json({ code: error.code });
  });
  return app;
}
