import { AircallClient } from "../../src/client/client";
import { type Api, useApi } from "../support/servers/api";

const { serve, connect } = useApi();

type Ask = (client: AircallClient) => Promise<unknown>;

describe("the rows", () => {
  const call = { id: 2 ** 33, direction: "inbound" };
  const user = { id: 7, name: "Ana" };
  const company = { name: "Acme", users_count: 3, numbers_count: 2 };
  const integration = { company_id: 12, active: true };

  it.each<[string, Ask, unknown, unknown]>([
    ["GET /v1/ping", (c) => c.ping(), { ping: "pong" }, { ping: "pong" }],
    ["GET /v1/company", (c) => c.company.get(), { company }, company],
    ["GET /v1/integrations/me", (c) => c.integrations.me(), { integration }, integration],
    ["GET /v1/calls/8589934592", (c) => c.calls.get(2 ** 33), { call }, call],
    ["GET /v1/calls/9?fetch_contact=true", (c) => c.calls.get("9", { fetch_contact: true }), { call }, call],
    ["POST /v1/calls/9/comments", (c) => c.calls.comment(9, { content: "Called back" }), "", undefined],
    ["GET /v2/users/7", (c) => c.users.get(7), { user }, user],
    ["GET /v2/users/ana@example.com", (c) => c.users.get("ana@example.com"), { user }, user],
    ["POST /v1/users/7/dial", (c) => c.users.dial(7, { to: "+33199001234" }), "", undefined],
    ["POST /v1/users/7/calls", (c) => c.users.startCall(7, { number_id: 5, to: "+33199001234" }), "", undefined],
  ])("%s answers its entity", async (line, ask, body, expected) => {
    const api = await serve({ body });
    await expect(ask(new AircallClient(connect(api)))).resolves.toEqual(expected);
    expect(api.arrived.map(({ method, url }) => `${method} ${url}`)).toEqual([line]);
  });

  it.each<[string, Ask, unknown]>([
    ["a comment", (c) => c.calls.comment(9, { content: "Called back" }), { content: "Called back" }],
    ["a number to dial", (c) => c.users.dial(7, { to: "+33199001234" }), { to: "+33199001234" }],
    ["a call", (c) => c.users.startCall(7, { number_id: 5, to: "+331" }), { number_id: 5, to: "+331" }],
  ])("send %s once, even when Aircall fails", async (_what, ask, body) => {
    const api = await serve({ status: 503 });
    await expect(ask(new AircallClient(connect(api)))).rejects.toMatchObject({ code: "server_error" });
    expect(api.arrived.map((request) => JSON.parse(request.body) as unknown)).toEqual([body]);
  });

  it("list a page by Dates, clamped to what Aircall allows", async () => {
    const api = await serve({ body: { calls: [call], meta: { total: 1 } } });
    const client = new AircallClient(connect(api));
    const from = new Date("2026-11-16T00:00:00Z");
    const page = await client.calls.list({
      from,
      to: 1_795_428_000,
      order: "desc",
      per_page: 500,
      fetch_contact: true,
    });
    expect(page.items).toEqual([call]);
    expect(api.arrived[0]!.url).toBe(
      "/v1/calls?from=1794787200&to=1795428000&order=desc&per_page=50&fetch_contact=true",
    );
  });

  it.each<[string, (client: AircallClient) => AsyncIterable<unknown>, string]>([
    ["calls", (c) => c.calls.iterate({ to: 1_795_428_000 }), "/v1/calls?per_page=50&to=1795428000&order=asc"],
    ["calls", (c) => c.calls.iterate({ order: "desc", to: 9 }), "/v1/calls?per_page=50&order=desc&to=9"],
    [
      "contacts",
      (c) => c.contacts.iterateSearch({ order_by: "updated_at", to: 9 }),
      "/v1/contacts/search?per_page=50&order_by=updated_at&to=9&order=asc",
    ],
    ["users", (c) => c.users.iterate(), "/v2/users?per_page=50"],
    ["users", (c) => c.users.iterate({ per_page: 10 }), "/v2/users?per_page=10"],
    ["numbers", (c) => c.dialerCampaigns.iterateNumbers(7), "/v1/users/7/dialer_campaign/phone_numbers"],
  ])("iterate over all %s in big pages", async (key, begin, url) => {
    const api: Api = await serve(
      (_req, res) => res.end(JSON.stringify({ [key]: [{ id: 1 }], meta: { next_page_link: `${api.url}/v9?after=1` } })),
      { body: { [key]: [{ id: 2 }] } },
    );
    const seen: unknown[] = [];
    for await (const item of begin(new AircallClient(connect(api)))) seen.push(item);
    expect(seen).toEqual([{ id: 1 }, { id: 2 }]);
    expect(api.arrived.map((request) => request.url)).toEqual([url, "/v9?after=1"]);
  });

  it("refuse a millisecond moment before anything is sent", async () => {
    const api = await serve({});
    const list = new AircallClient(connect(api)).calls.list({ from: Date.now() });
    await expect(list).rejects.toMatchObject({ code: "config_invalid" });
    expect(api.arrived).toHaveLength(0);
  });
});
