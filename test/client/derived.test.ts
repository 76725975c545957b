import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { AircallClient, createAircallClient } from "../../src/client/client";
import type { AircallDiagnostics } from "../../src/diagnostics";
import { type Reply, useApi } from "../support/servers/api";
import { everyRow } from "../resources/every-row";

const { serve, connect } = useApi();

const ignore = () => undefined;

/** Of the requests that `work` makes, one after the other. */
async function lanesOf(work: () => Promise<void>): Promise<string[]> {
  const lanes: string[] = [];
  const listener = (event: unknown) => void lanes.push((event as AircallDiagnostics["express-aircall:request"]).lane);
  subscribe("express-aircall:request", listener);
  await work();
  unsubscribe("express-aircall:request", listener);
  return lanes;
}

describe("withOptions", () => {
  it("gives calls other defaults, and leaves the client as it was", async () => {
    const api = await serve({ status: 503 });
    const client = new AircallClient(connect(api));
    const once = client.withOptions({ maxRetries: 0 });
    await expect(once.tags.get(1)).rejects.toMatchObject({ status: 503 });
    expect(api.arrived).toHaveLength(1);
    await expect(client.tags.get(1)).rejects.toMatchObject({ status: 503 });
    expect(api.arrived).toHaveLength(4);
  });

  it("yields to what a call says for itself, but not to undefined", async () => {
    const api = await serve({ status: 503 });
    const once = new AircallClient(connect(api)).withOptions({ maxRetries: 0 });
    await expect(once.tags.get(1, { maxRetries: 1 })).rejects.toMatchObject({ status: 503 });
    expect(api.arrived).toHaveLength(2);
    await expect(once.tags.get(1, { maxRetries: undefined })).rejects.toMatchObject({ status: 503 });
    expect(api.arrived).toHaveLength(3);
  });

  it("adds up over several", async () => {
    const client = new AircallClient(connect(await serve(() => undefined)));
    const both = client.withOptions({ timeoutMs: 30 }).withOptions({ maxRetries: 0 });
    await expect(both.company.get()).rejects.toMatchObject({ timeoutMs: 30 });
  });

  it("chooses the lane, for walks and waits too, where the call does not", async () => {
    const api = await serve({ status: 403 });
    const client = new AircallClient(connect(api));
    const chosen = client.withOptions({ lane: "interactive" }).withOptions({ maxRetries: 0 });
    const lanes = await lanesOf(async () => {
      for (const one of [client, chosen]) {
        for (const lane of [undefined, "bulk"] as const) {
          await one.calls.iterate({}, { lane }).collect({ max: 1 }).catch(ignore);
          await one.conversationIntelligence.whenReady(7, { lane }).catch(ignore);
        }
      }
    });
    expect(lanes).toEqual(["bulk", "bulk", "bulk", "bulk", "interactive", "interactive", "bulk", "bulk"]);
  });

  it("lets a walk that somebody waits for reject where the budget is used up", async () => {
    const api = await serve({ status: 429, headers: { "x-aircallapi-limit": "1", "retry-after": "90" } });
    const client = new AircallClient(connect(api)).withOptions({ lane: "interactive" });
    await expect(client.calls.iterate().collect({ max: 1 })).rejects.toMatchObject({ code: "rate_limited" });
  });

  it("ends all calls of a client by one signal", async () => {
    const client = new AircallClient(connect(await serve(() => undefined)));
    const job = new AbortController();
    const calls = [client, client.withOptions({ signal: job.signal })].map((one) =>
      one.company.get({ timeoutMs: 100 }),
    );
    job.abort(new Error("the job was cancelled"));
    await expect(calls[1]).rejects.toThrow("the job was cancelled");
    await expect(calls[0]).rejects.toMatchObject({ code: "timeout" });
  });
});

describe("a signal of withOptions", () => {
  it("ends calls that bring one of their own, a walk too", async () => {
    const api = await serve(() => undefined);
    const job = new AbortController();
    const client = new AircallClient(connect(api)).withOptions({ signal: job.signal });
    const own = new AbortController();
    const ends = [client.company.get({ signal: own.signal }), client.calls.iterate().collect({ max: 1 })];
    while (api.arrived.length < 2) await new Promise((resolve) => setImmediate(resolve));
    job.abort(new Error("the job was cancelled"));
    for (const end of ends) await expect(end).rejects.toThrow("the job was cancelled");
  });
});

describe("a signal of withOptions, while nothing is sent", () => {
  const busy = { "x-aircallapi-limit": "1", "x-aircallapi-remaining": "0", "retry-after": "90" };

  it.each<[string, Reply, (client: AircallClient) => Promise<unknown>]>([
    ["a walk's wait for the budget", { status: 429, headers: busy }, (one) => one.calls.iterate().collect({ max: 1 })],
    ["a wait until a transcription is there", { status: 404 }, (one) => one.conversationIntelligence.whenReady(7)],
  ])(
    "ends %s",
    async (_what, reply, work) => {
      const api = await serve(reply);
      const job = new AbortController();
      const working = work(new AircallClient(connect(api)).withOptions({ signal: job.signal, maxRetries: 0 }));
      while (api.arrived.length === 0) await new Promise((resolve) => setImmediate(resolve));
      const soon = setTimeout(() => job.abort(new Error("the job was cancelled")), 50);
      await expect(working).rejects.toThrow("the job was cancelled");
      clearTimeout(soon);
    },
    8_000,
  );

  it("ends an upsert that waits until another of the same number is done", async () => {
    const api = await serve(() => undefined);
    const client = new AircallClient(connect(api));
    const [first, second] = [new AbortController(), new AbortController()];
    const save = (one: AircallClient, first_name: string) => one.contacts.upsertByPhone("+33199001234", { first_name });
    const ahead = save(client.withOptions({ signal: first.signal }), "Ada");
    while (api.arrived.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const waiting = save(client.withOptions({ signal: second.signal }), "Grace");
    second.abort(new Error("the second was cancelled"));
    await expect(waiting).rejects.toThrow("the second was cancelled");
    expect(api.arrived).toHaveLength(1);
    first.abort(new Error("the first was cancelled"));
    await expect(ahead).rejects.toThrow("the first was cancelled");
  }, 8_000);
});

describe("readOnly", () => {
  it("lets every GET through and sends nothing else", async () => {
    const api = await serve({ status: 204 });
    const client = new AircallClient(connect(api)).withOptions({ readOnly: true });
    const refused: string[] = [];
    for (const [row, ask] of everyRow(client)) {
      await ask().catch((error: { code: string }) => refused.push(`${row}: ${error.code}`));
    }
    expect(new Set(api.arrived.map(({ method }) => method))).toEqual(new Set(["GET"]));
    expect(refused).toContain("calls.transfer: config_invalid");
    expect(refused).toContain("analytics.createExport: config_invalid");
    // A list that comes without its list fails for that, once it was asked for.
    const unsent = refused.filter((row) => !row.endsWith(": connection_failed"));
    expect(unsent.filter((row) => /\.(list|get|search|iterate)/.test(row))).toEqual([]);
  });

  it("holds for request() and for whatever is derived from it", async () => {
    const api = await serve({});
    const client = new AircallClient(connect(api)).withOptions({ readOnly: true }).withOptions({ readOnly: false });
    await expect(client.request("DELETE", "/v1/tags/1")).rejects.toThrow("DELETE /v1/tags/:id was not sent");
    expect(api.arrived).toHaveLength(0);
  });

  it("is a setting too", async () => {
    const api = await serve({ status: 204 });
    const client = createAircallClient({ apiUrl: api.url, user: "id", password: "t0ken", readOnly: true });
    await client.ping();
    await expect(client.tags.create({ name: "VIP", color: "#00b388" })).rejects.toMatchObject({ name: "ConfigError" });
    await client.close();
    expect(api.arrived.map(({ method }) => method)).toEqual(["GET"]);
  });
});
