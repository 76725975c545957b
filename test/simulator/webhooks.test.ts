import type { Webhook } from "express-aircall/simulator";
import { startSimulator } from "../support/simulated";
import { apiOf, appOf, type Api } from "../support/simulated-api";

const url = "https://example.com/hooks";
const everyEvent = 67;

async function start() {
  const simulator = await startSimulator();
  return { simulator, api: apiOf(simulator) };
}

async function create(api: Api, given: object = {}): Promise<Webhook> {
  return (await api.post("/v1/webhooks").send({ url, ...given })).body.webhook as Webhook;
}

describe("a webhook at the simulator", () => {
  it("is listed with its token once created, for every event when none was named", async () => {
    const { api } = await start();

    const webhook = await create(api);
    const { body } = await api.get("/v1/webhooks");

    expect(body.webhooks).toEqual([webhook]);
    expect(webhook).toMatchObject({ url, custom_name: "Webhook", active: true, token: expect.stringMatching(/./) });
    expect(new Set(webhook.events).size).toBe(everyEvent);
  });

  it.each([
    ["replaces its events", "", ["call.ended"], ["call.ended"]],
    ["adds to them", "?events_action=add", ["call.ended"], ["call.created", "call.tagged", "call.ended"]],
    ["takes from them", "?events_action=remove", ["call.created"], ["call.tagged"]],
  ])("%s on request", async (_what, query, events, after) => {
    const { api } = await start();
    const { webhook_id: id } = await create(api, { events: ["call.created", "call.tagged"] });

    await api.put(`/v1/webhooks/${id}${query}`).send({ events });

    expect((await api.get(`/v1/webhooks/${id}`)).body.webhook.events).toEqual(after);
  });

  it("falls into Aircall's trap: an update without events subscribes to all of them", async () => {
    const { api } = await start();
    const { webhook_id: id } = await create(api, { events: ["call.ended"] });

    const { body } = await api.put(`/v1/webhooks/${id}`).send({ custom_name: "Renamed" });

    expect([body.webhook.custom_name, body.webhook.events.length]).toEqual(["Renamed", everyEvent]);
  });

  it("is seen by who made it: an app, or an API key", async () => {
    const { simulator, api } = await start();
    const app = appOf(simulator);
    const { webhook_id: id } = await create(app);

    const lists = [(await app.get("/v1/webhooks")).body.meta.total, (await api.get("/v1/webhooks")).body.meta.total];

    expect(lists).toEqual([1, 0]);
    expect((await api.delete(`/v1/webhooks/${id}`)).status).toBe(404);
  });

  it("can lead to this machine without https, for an app under test", async () => {
    const { api } = await start();
    expect((await create(api, { url: "http://127.0.0.1:3000/hooks" })).url).toBe("http://127.0.0.1:3000/hooks");
  });

  it("is gone once deleted, by its number of old too", async () => {
    const { api } = await start();
    const { direct_link: link } = await create(api);

    expect([
      (await api.delete(new URL(link).pathname)).status,
      (await api.get("/v1/webhooks")).body.meta.total,
    ]).toEqual([204, 0]);
  });

  it("is refused when there are a hundred", async () => {
    const simulator = await startSimulator({ rateLimit: 1_000 });
    const api = apiOf(simulator);
    for (let count = 0; count < 100; count++) await create(api);

    expect((await api.post("/v1/webhooks").send({ url })).status).toBe(400);
  });
});
