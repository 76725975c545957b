import type { Webhook } from "express-aircall/simulator";
import { startSimulator } from "../../support/servers/simulated";
import { apiOf, appOf, type Api } from "../../support/servers/simulated-api";

const url = "https://example.com/hooks";
const everyEvent = 68;

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

    expect(body.webhooks).toEqual([{ ...webhook, id: expect.any(Number) }]);
    expect(webhook).toMatchObject({ url, active: true, token: expect.stringMatching(/./) });
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

    const { body } = await api.put(`/v1/webhooks/${id}`).send({ active: false });

    expect([body.webhook.active, body.webhook.events.length]).toEqual([false, everyEvent]);
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
    const { api, simulator } = await start();
    await create(api);
    const { id } = simulator.companies[0].webhooks[0]!.webhook;

    expect([(await api.delete(`/v1/webhooks/${id}`)).status, (await api.get("/v1/webhooks")).body.meta.total]).toEqual([
      204, 0,
    ]);
  });

  it("has its number of old where it is read, and no name anywhere", async () => {
    const { api } = await start();
    const created = await create(api, { custom_name: "Hook" });
    const url = `/v1/webhooks/${created.webhook_id}`;

    const changed = await api.put(url).send({ custom_name: "Hook", events: ["call.ended"] });
    const read = await api.get(url);

    const keys = ["active", "created_at", "direct_link", "events", "token", "url", "webhook_id"];
    expect(Object.keys(created).sort()).toEqual(keys);
    expect(Object.keys(changed.body.webhook as object).sort()).toEqual(keys);
    expect(Object.keys(read.body.webhook as object).sort()).toEqual([...keys, "id"].sort());
    expect(new URL(created.direct_link).pathname).toBe(url);
  });

  it("comes in a list that does not say where its next page is", async () => {
    const { api } = await start();
    await create(api);
    await create(api);

    const { body } = await api.get("/v1/webhooks?per_page=1");

    expect(body.meta).toEqual({ count: 1, total: 2, current_page: 1, per_page: 1 });
  });

  it("is refused when there are a hundred", async () => {
    const simulator = await startSimulator({ rateLimit: 1_000 });
    const api = apiOf(simulator);
    for (let count = 0; count < 100; count++) await create(api);

    expect((await api.post("/v1/webhooks").send({ url })).status).toBe(400);
  });
});
