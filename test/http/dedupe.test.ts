import type { ServerResponse } from "node:http";
import { TimeoutError } from "../../src/errors/errors";
import { createAnswered } from "../../src/http/response";
import type { HttpParts } from "../../src/http/parts";
import type { TokenSource } from "../../src/http/credential";
import { route } from "../../src/http/route";
import { createDedupe, createSeat } from "../../src/http/dedupe";
import { type Api, token, useApi } from "../support/servers/api";

const { serve, connect } = useApi();
const getCall = route`GET /v1/calls/${7}`;
const archive = route`PUT /v1/calls/${7}/archive`;
const of = (grant: string): TokenSource => ({ ...token, owner: () => Promise.resolve({ grant, budget: "company:1" }) });

/** Clients that share their answers, as those of one app's requests do. */
function sharers(api: Api, parts: Partial<HttpParts> = {}) {
  const sharing = createDedupe(parts.now);
  return (grant = "a:1") => connect(api, { dedupe: sharing, tokens: of(grant), ...parts });
}

/** A server that answers when it is told to. */
async function serveOnDemand() {
  const waiting: ServerResponse[] = [];
  const api = await serve((_req, res) => waiting.push(res));
  const answer = (body: object) => waiting.splice(0).forEach((res) => res.end(JSON.stringify(body)));
  return { api, waiting, answer, asked: (times: number) => until(() => api.arrived.length === times) };
}

describe("identical reads that meet", () => {
  it("are one request, a thousand of them too", async () => {
    const { api, answer, asked } = await serveOnDemand();
    const client = sharers(api);
    const reads = Array.from({ length: 1_000 }, () => client().send(getCall, "call"));
    await asked(1);
    await turnOfTheLoop();
    answer({ call: { id: 7 } });
    expect(new Set((await Promise.all(reads)).map((call) => JSON.stringify(call)))).toEqual(new Set(['{"id":7}']));
    expect(api.arrived).toHaveLength(1);
  });

  it("give each caller an answer of its own to change", async () => {
    const client = sharers(await serve({ body: { call: { tags: [] as number[] } } }));
    const [one, other] = await Promise.all([
      client().send<{ tags: number[] }>(getCall, "call"),
      client().send<{ tags: number[] }>(getCall, "call"),
    ]);
    one.tags.push(1);
    expect(other.tags).toEqual([]);
  });

  it("are parsed once, and nobody who changes theirs changes another's", async () => {
    const { api, answer, asked } = await serveOnDemand();
    const client = sharers(api);
    const deep = () => ({
      call: { tags: [{ name: "a", ids: [1, [2]] }], odd: { ["__proto__"]: { x: 1 }, none: null } },
    });
    type Deep = ReturnType<typeof deep>["call"];
    const reads = Array.from({ length: 20 }, () => client().send<Deep>(getCall, "call", { cacheMs: 1_000 }));
    await asked(1);
    const parsed = jest.spyOn(JSON, "parse");
    answer(deep());
    const calls = await Promise.all(reads);
    calls.push(await client().send<Deep>(getCall, "call", { cacheMs: 1_000 }));
    expect(parsed).toHaveBeenCalledTimes(1);
    parsed.mockRestore();
    for (const call of calls) {
      expect(call).toEqual(deep().call);
      call.tags[0]!.ids.push(3);
      call.tags.pop();
      call.odd.none = call as never;
    }
  });

  it("leave the event loop to others between two who read a long answer", async () => {
    const { api, answer, asked } = await serveOnDemand();
    const client = sharers(api);
    const reads = Array.from({ length: 20 }, () => client().send<object[]>(getCall, "calls"));
    await asked(1);
    answer({ calls: Array.from({ length: 20_000 }, (_, id) => ({ id, name: "A caller's name" })) });
    const turns: number[] = [];
    let turn = 0;
    let over = false;
    const count = () => void (over || (turn++, setImmediate(count)));
    setImmediate(count);
    await Promise.all(reads.map((read) => read.then((calls) => turns.push(turn + 0 * calls.length))));
    over = true;
    expect(new Set(turns).size).toBe(20);
  });

  it("are read even where they are nested too deep to be copied", async () => {
    const { api, waiting, asked } = await serveOnDemand();
    const client = sharers(api);
    const reads = [client().send(getCall, null), client().send(getCall, null)];
    await asked(1);
    waiting.splice(0).forEach((res) => res.end(`${"[".repeat(200_000)}${"]".repeat(200_000)}`));
    const [one, other] = (await Promise.all(reads)) as [unknown[], unknown[]];
    expect([one === other, one.length, other.length]).toEqual([false, 1, 1]);
  });

  it("are not ended by one who left before it had begun", async () => {
    const api = await serve({ body: { call: { id: 7 } } });
    const gate = new Promise<{ grant: string; budget: string }>((resolve) =>
      setImmediate(() => resolve({ grant: "a:1", budget: "company:1" })),
    );
    const client = connect(api, { tokens: { ...token, owner: () => gate }, dedupe: createDedupe() });
    const leaving = new AbortController();
    const [left, stayed] = [client.send(getCall, "call", { signal: leaving.signal }), client.send(getCall, "call")];
    left.catch(() => undefined);
    await Promise.resolve();
    await Promise.resolve();
    leaving.abort(new Error("left"));
    await expect(left).rejects.toThrow("left");
    await expect(stayed).resolves.toEqual({ id: 7 });
  });

  it("let go of the answer once it has come", async () => {
    const sharing = createDedupe();
    const rate = { limit: null, remaining: null, resetAt: null };
    const answered = createAnswered({ status: 200, headers: {}, rate, bytes: Buffer.from("{}") }, { parse: false });
    const keys = { answer: "a:1 /v1/calls/7", flight: "a:1 /v1/calls/7" };
    const wanted = { keys, cacheMs: 0, deadline: { signal: new AbortController().signal, remainingMs: () => 1 } };
    const [seat, later] = [createSeat({ acts: false }), createSeat({ acts: false })];
    seat.answer = turnOfTheLoop().then(() => answered);
    await sharing.read(seat, wanted, () => seat.answer!);
    await turnOfTheLoop();
    await sharing.read(later, wanted, () => Promise.resolve(answered));
    expect([seat.flight?.answer, later.source]).toEqual([null, "aircall"]);
  });

  it("share a failure too", async () => {
    const api = await serve({ status: 404 });
    const client = sharers(api);
    const reads = [client().send(getCall, "call"), client().send(getCall, "call")];
    for (const read of reads) await expect(read).rejects.toMatchObject({ code: "not_found" });
    expect(api.arrived).toHaveLength(1);
  });

  it.each<[string, (client: ReturnType<typeof sharers>) => Promise<unknown>[]]>([
    ["of two grants", (client) => [client("a:1").send(getCall, "call"), client("b:1").send(getCall, "call")]],
    [
      "of two versions of a grant",
      (client) => [client("a:1").send(getCall, "call"), client("a:2").send(getCall, "call")],
    ],
    ["with another query", (client) => [client().send(getCall, "call"), client().send(getCall, "call", {}, { a: 1 })]],
    [
      "with another deadline",
      (client) => [client().send(getCall, "call"), client().send(getCall, "call", { timeoutMs: 1_999 })],
    ],
    ["that write", (client) => [client().send(archive, "call"), client().send(archive, "call")]],
  ])("are two requests when they are %s", async (_what, ask) => {
    const api = await serve({ body: { call: {} } });
    await Promise.all(ask(sharers(api)));
    expect(api.arrived).toHaveLength(2);
  });

  it("go on for the others when the one who began them leaves, and end with the last", async () => {
    const { api, waiting, answer, asked } = await serveOnDemand();
    const client = sharers(api);
    const [first, second] = [new AbortController(), new AbortController()];
    const reads = [first, second].map(({ signal }) => client().send(getCall, "call", { signal }));
    await asked(1);
    first.abort(new Error("left"));
    await expect(reads[0]).rejects.toThrow("left");
    answer({ call: { id: 7 } });
    await expect(reads[1]).resolves.toEqual({ id: 7 });

    const [third, fourth] = [new AbortController(), new AbortController()];
    const others = [third, fourth].map(({ signal }) => client().send(getCall, "call", { signal }));
    await asked(2);
    const closed = new Promise((resolve) => waiting[0]!.on("close", resolve));
    for (const caller of [third, fourth]) caller.abort(new Error("left"));
    await Promise.all(others.map((read) => expect(read).rejects.toThrow("left")));
    await closed;
  });

  it("end by the deadline of the one who began them, and a later caller asks once more", async () => {
    const { api, answer, asked } = await serveOnDemand();
    const client = sharers(api, { timeoutMs: 300 });
    const early = client().send(getCall, "call");
    await asked(1);
    await new Promise((resolve) => setTimeout(resolve, 150));
    const late = client().send(getCall, "call");
    await expect(early).rejects.toBeInstanceOf(TimeoutError);
    await asked(2);
    answer({ call: { id: 7 } });
    await expect(late).resolves.toEqual({ id: 7 });
  });
});

describe("cacheMs", () => {
  const fresh = { cacheMs: 1_000 };

  it("reuses an answer while it is that young, each caller with its own copy", async () => {
    let now = 0;
    const api = await serve({ body: { call: { id: 1, tags: [] } } }, { body: { call: { id: 2, tags: [] } } });
    const client = sharers(api, { now: () => now });
    const read = () => client().send<{ id: number; tags: number[] }>(getCall, "call", fresh);
    (await read()).tags.push(1);
    now = 999;
    await expect(read()).resolves.toEqual({ id: 1, tags: [] });
    now = 1_000;
    await expect(read()).resolves.toEqual({ id: 2, tags: [] });
    expect(api.arrived).toHaveLength(2);
  });

  it("is each call's own wish: one without it asks Aircall", async () => {
    const api = await serve({ body: { call: {} } });
    const client = sharers(api);
    await client().send(getCall, "call", fresh);
    await client().send(getCall, "call");
    expect(api.arrived).toHaveLength(2);
  });

  it("keeps nothing that another grant can see, no refusals, and nothing from before a write", async () => {
    const api = await serve({ body: { call: { id: 1 } } }, { status: 404 }, { body: { call: { id: 3 } } });
    const client = sharers(api);
    await client("a:1").send(getCall, "call", fresh);
    await expect(client("b:1").send(getCall, "call", fresh)).rejects.toMatchObject({ status: 404 });
    await expect(client("b:1").send(getCall, "call", fresh)).resolves.toEqual({ id: 3 });
    await client("a:1").send(archive, "call");
    await expect(client("a:1").send(getCall, "call", fresh)).resolves.toEqual({ id: 3 });
    expect(api.arrived).toHaveLength(5);
  });

  it("keeps no answer that was under way while something was written", async () => {
    const { api, answer, asked } = await serveOnDemand();
    const client = sharers(api);
    const before = client().send(getCall, "call", fresh);
    await asked(1);
    const written = client().send(archive, "call");
    await asked(2);
    answer({ call: { id: 1 } });
    await Promise.all([before, written]);
    const after = client().send(getCall, "call", fresh);
    await asked(3);
    answer({ call: { id: 2 } });
    await expect(after).resolves.toEqual({ id: 2 });
  });

  it("keeps nothing that only begins and ends like JSON, whoever asks first", async () => {
    const api = await serve({ body: '{"call": broken}' }, { body: { call: { id: 2 } } });
    const client = sharers(api);
    const front = await serve((_req, res) => client().send(getCall, "call", fresh).pipe(res));
    await expect((await fetch(front.url)).json()).resolves.toEqual({ call: { id: 2 } });
    await expect(client().send(getCall, "call", fresh)).resolves.toEqual({ id: 2 });
    expect(api.arrived).toHaveLength(2);
  });

  it("refuses what is no time", async () => {
    const read = sharers(await serve({}))().send(getCall, "call", { cacheMs: -1 });
    await expect(read).rejects.toMatchObject({ code: "config_invalid" });
  });
});

async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await turnOfTheLoop();
}

function turnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
