import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AircallClient } from "../../src/client/client";
import { idempotent } from "../../src/resources/idempotent";
import { type Reply, useApi } from "../support/servers/api";
import { bringFiles, everyRow } from "./every-row";
import documented from "./routes.json";

const { serve, connect } = useApi();

/** Nothing at all is no empty list. */
const bringsList = (row: string) => /\.(list|search|iterate|getTracker|upsert)/.test(row);

const requests = documented.map(({ method, path }) => `${method} ${path.replace(/:\w+/g, ":id")}`);

/** The other PUTs and DELETEs, and what would go the second time. */
const named: Record<string, string> = {
  "DELETE /v1/users/:id/dialer_campaign": "a user's next campaign",
  "DELETE /v1/numbers/:id/messages/configuration": "a number's next configuration",
};

describe("the table of what may be repeated", () => {
  it("holds documented routes only, each PUT and DELETE but those that name an owner, and of POSTs the one with a key", () => {
    const settled = requests.filter((request) => /^(?:PUT|DELETE) /.test(request) && !(request in named));
    const withKey = "POST /v1/outbound-calls/agents/:id";
    expect([...idempotent].sort()).toEqual([...new Set([...settled, withKey])].sort());
    expect(requests).toEqual(expect.arrayContaining(Object.keys(named)));
  });

  it("is the one that people are shown", () => {
    const page = readFileSync(join(__dirname, "../../docs/writes.md"), "utf8");
    const shown = [...page.matchAll(/^\| `(PUT|DELETE|POST) ([^`]+)` +\| yes/gm)].map(
      ([, method, path]) => `${method} ${path}`,
    );
    expect(shown.sort()).toEqual([...idempotent].sort());
  });
});

describe("every row", () => {
  it("is sent once when it acts and Aircall fails, and again when the table says that it may be", async () => {
    const api = await serve({ status: 503 });
    for (const [row, ask] of everyRow(new AircallClient(connect(api)))) {
      api.arrived.length = 0;
      await expect(ask()).rejects.toMatchObject({ code: "server_error", outcome: "unknown" });
      const { method, url } = api.arrived[0]!;
      const again = method === "GET" || [...idempotent].some((request) => matches(request, method, url));
      expect([row, api.arrived.length]).toEqual([row, again ? 3 : 1]);
    }
  });

  it("goes by the same table when it is asked for by hand", async () => {
    const api = await serve({ status: 503 });
    const client = new AircallClient(connect(api));
    for (const [method, path, times] of [
      ["DELETE", "/v1/tags/7", 3],
      ["DELETE", "/v1/users/7/dialer_campaign", 1],
      ["DELETE", "/v1/numbers/7/messages/configuration", 1],
      ["PUT", "/v1/things/7", 1],
    ] as const) {
      api.arrived.length = 0;
      await expect(client.request(method, path)).rejects.toMatchObject({ outcome: "unknown" });
      expect([path, api.arrived.length]).toEqual([path, times]);
    }
  });

  it("resolves when Aircall answers with nothing, unless it asks for a list", async () => {
    const api = await serve({ status: 204 });
    for (const [row, ask] of everyRow(new AircallClient(connect(api)))) {
      api.arrived.length = 0;
      if (bringFiles.includes(row)) await expect(ask()).rejects.toMatchObject({ code: "not_found" });
      else if (bringsList(row)) await expect(ask()).rejects.toMatchObject({ code: "connection_failed" });
      else await expect(ask().then(() => row)).resolves.toBe(row);
      expect([row, api.arrived.length]).toEqual([row, bringsList(row) ? 3 : 1]);
    }
  });
});

describe("a 404 or 410", () => {
  const gone = { status: 404, body: { error: "Not Found" } };
  const unclear: [string, Reply][] = [
    ["503", { status: 503 }],
    ["a reset", (req) => req.socket.destroy()],
    [
      "an answer that is cut",
      (req, res) => res.writeHead(204, { "content-length": 9 }).write("", () => req.socket.destroy()),
    ],
  ];

  it.each(unclear)("to a DELETE whose first attempt ended with %s says that it is done", async (_what, first) => {
    for (const remove of [
      (c: AircallClient) => c.tags.remove(1, { confirm: 1 }),
      (c: AircallClient) => c.webhooks.remove("6f1c", { confirm: "6f1c" }),
      (c: AircallClient) => c.contacts.removePhone(3, 31),
      (c: AircallClient) => c.request("DELETE", "/v1/tags/7"),
    ]) {
      for (const status of [404, 410]) {
        const api = await serve(first, { ...gone, status });
        await expect(remove(new AircallClient(connect(api)))).resolves.toBeUndefined();
        expect(api.arrived).toHaveLength(2);
      }
    }
  });

  it("is told where nothing was unclear before it, or it was no DELETE", async () => {
    const connected = async (...replies: Reply[]) => new AircallClient(connect(await serve(...replies)));
    const limited = { status: 429, headers: { "Retry-After": "1" } };
    await expect((await connected(gone)).tags.remove(1, { confirm: 1 })).rejects.toMatchObject({ outcome: "refused" });
    const afterLimit = connected(limited, gone).then((c) => c.tags.remove(1, { confirm: 1 }));
    await expect(afterLimit).rejects.toMatchObject({ code: "not_found", outcome: "refused" });
    const update = (await connected({ status: 503 }, gone)).tags.update(1, { name: "VIP", color: "#00b388" });
    await expect(update).rejects.toMatchObject({ code: "not_found", outcome: "unknown" });
  });
});

describe("aiVoiceAgents.startCall", () => {
  const request = { contact_phone: "+33199001234", idempotency_key: "k-1" };

  it("is sent again with the same key, so that the call is made once", async () => {
    const queued = { id: "c1", idempotency_key: "k-1", status: "PENDING", virtual_agent_id: "a-1" };
    const api = await serve({ status: 502 }, (req) => req.socket.destroy(), { status: 202, body: queued });
    await expect(new AircallClient(connect(api)).aiVoiceAgents.startCall("a-1", request)).resolves.toEqual(queued);
    expect(api.arrived.map(({ body }) => (JSON.parse(body) as typeof request).idempotency_key)).toEqual([
      "k-1",
      "k-1",
      "k-1",
    ]);
  });

  it("does not take it for refused when Aircall knows the key from an attempt before", async () => {
    const used = { status: 409, body: { error: "Conflict" } };
    const first = new AircallClient(connect(await serve({ status: 502 }, used))).aiVoiceAgents.startCall(
      "a-1",
      request,
    );
    await expect(first).rejects.toMatchObject({ code: "conflict", outcome: "unknown" });
    const other = new AircallClient(connect(await serve(used))).aiVoiceAgents.startCall("a-1", request);
    await expect(other).rejects.toMatchObject({ code: "conflict", outcome: "refused" });
  });
});

function matches(request: string, method: string, url: string): boolean {
  const path = url.split("?")[0];
  return new RegExp(`^${request.replaceAll(":id", "[^/]+")}$`).test(`${method} ${path}`);
}
