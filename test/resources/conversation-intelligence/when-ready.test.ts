import { AircallClient } from "../../../src/client/client";
import { whenReady, type WhenReadyOptions } from "../../../src/resources/conversation-intelligence/when-ready";
import { type Reply, useApi } from "../../support/servers/api";

const { serve, connect } = useApi();

const notYet: Reply = { status: 404, body: { error: "Not Found" } };
const there: Reply = { body: { summary: { id: 9, content: "All good" } } };

/** Waits for a summary, by a clock that only its pauses move. */
async function waitFor(options: WhenReadyOptions<"summary">, ...replies: Reply[]) {
  const api = await serve(...replies);
  const client = new AircallClient(connect(api));
  const pauses: number[] = [];
  let now = 0;
  const sleep = (ms: number, signal: AbortSignal) => {
    pauses.push(ms);
    now += ms;
    return signal.aborted ? Promise.reject(new DOMException("", "AbortError")) : Promise.resolve();
  };
  const rows = { summary: (each: object) => client.conversationIntelligence.getSummary(9, each) };
  const ready = whenReady(rows, { insight: "summary", ...options }, { now: () => now, sleep });
  const outcome = await ready.then(
    (summary) => summary.content,
    (error: unknown) => error,
  );
  return { outcome, pauses, looks: api.arrived.length };
}

describe("conversationIntelligence.whenReady", () => {
  it("asks once where it is there", async () => {
    const api = await serve({ body: { transcription: { call_id: 9, content: {} } } });
    const { conversationIntelligence } = new AircallClient(connect(api));
    const { signal } = new AbortController();
    await expect(conversationIntelligence.whenReady(9, { signal })).resolves.toEqual({ call_id: 9, content: {} });
    expect(api.arrived.map(({ url }) => url)).toEqual(["/v1/calls/9/transcription"]);
  });

  it("takes a 404 for not yet, and asks again after ever longer pauses", async () => {
    const outcome = await waitFor({}, notYet, notYet, notYet, there);
    expect(outcome).toEqual({ outcome: "All good", pauses: [10_000, 20_000, 40_000], looks: 4 });
  });

  it("gives up with that 404 after a quarter of an hour and eight looks, or when it is told to", async () => {
    const { outcome, pauses, looks } = await waitFor({}, notYet);
    expect(outcome).toMatchObject({ code: "not_found" });
    expect([pauses.reduce((sum, ms) => sum + ms), Math.max(...pauses), looks]).toEqual([900_000, 300_000, 8]);
    expect(await waitFor({ maxWaitMs: 25_000 }, notYet)).toMatchObject({ pauses: [10_000, 15_000], looks: 3 });
    expect(await waitFor({ maxWaitMs: 0 }, notYet)).toMatchObject({ pauses: [], looks: 1 });
  });

  it("waits for budget as long as Aircall says", async () => {
    const limited: Reply = { status: 429, headers: { "Retry-After": "90" } };
    const { outcome, pauses } = await waitFor({ timeoutMs: 1_000 }, limited, there);
    expect([outcome, pauses]).toEqual(["All good", [90_000]]);
  });

  it.each([403, 500])("ends with any other refusal (%d)", async (status) => {
    const { outcome, pauses } = await waitFor({ maxRetries: 0 }, notYet, { status });
    expect([outcome, pauses]).toEqual([expect.objectContaining({ status }), [10_000]]);
  });

  it("ends when its signal does, with that reason and without another look", async () => {
    const leaving = new AbortController();
    const reason = new Error("left");
    const { outcome, looks } = await waitFor({ signal: leaving.signal }, (_req, res) => {
      setImmediate(() => leaving.abort(reason));
      res.writeHead(404).end();
    });
    expect(outcome).toBe(reason);
    expect(looks).toBe(1);
  });

  it("ends a pause of its own when its signal does", async () => {
    const leaving = new AbortController();
    const api = await serve(notYet);
    const { conversationIntelligence } = new AircallClient(connect(api));
    const ready = conversationIntelligence.whenReady(9, { signal: leaving.signal });
    const left = expect(ready).rejects.toBe("left");
    while (api.arrived.length === 0) await new Promise((resolve) => setImmediate(resolve));
    leaving.abort("left");
    await left;
  });

  it.each<[object, string]>([
    [{ insight: "mood" }, "insight must be one of transcription, sentiments"],
    [{ maxWaitMs: NaN }, "maxWaitMs must be"],
    [{ maxwaitMs: 5 }, "maxWaitMs"],
  ])("refuses %j before it asks", async (options, message) => {
    const api = await serve(there);
    const ready = new AircallClient(connect(api)).conversationIntelligence.whenReady(9, options);
    await expect(ready).rejects.toThrow(message);
    expect(api.arrived).toEqual([]);
  });
});
