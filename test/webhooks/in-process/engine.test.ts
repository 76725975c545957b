import type { AircallWebhooks, UnnamedEvent } from "express-aircall";
import { memoryGrants, RateLimitError, StoreError } from "express-aircall";
import { promised, rounds } from "../../support/promised";
import { delivery, endedCall, token } from "../parse/deliveries";
import { companiesAuth, gate, startReceiving } from "../receiving";

const call = (event: string, data: object = {}) => delivery({ event, data: { ...endedCall, ...data } });
const never = () => new Promise<void>(() => undefined);
const failedOf = async (events: AircallWebhooks) => {
  const list = [];
  for await (const one of events.failed()) list.push(one);
  return list;
};

function raise(what: unknown): never {
  throw what;
}

describe("an event in this process", () => {
  it("is handled once, however often it comes", async () => {
    let handled = 0;
    const { send } = await startReceiving({ onAny: () => void handled++ });
    const statuses = await Promise.all(Array.from({ length: 100 }, () => send(delivery())));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await send(delivery({ timestamp: 5 }))).toBe(200);
    expect(handled).toBe(1);
  });

  it("waits for its first delivery when it comes again meanwhile", async () => {
    const { opened, open } = gate();
    let handled = 0;
    const { send } = await startReceiving({ onAny: () => opened.then(() => void handled++) });
    const sent = [send(delivery()), send(delivery())];
    await Promise.race([...sent, new Promise(setImmediate)]);
    expect(handled).toBe(0);
    open();
    expect(await Promise.all(sent)).toEqual([200, 200]);
    expect(handled).toBe(1);
  });

  it("with an old moment is handled like any other", async () => {
    const seen: unknown[] = [];
    const { send } = await startReceiving({ onAny: ({ timestamp }) => void seen.push(timestamp.getTime()) });
    expect(await send(delivery({ timestamp: 1 }))).toBe(200);
    expect(seen).toEqual([1_000]);
  });

  const error = new Error("no");
  const failing: [string, () => unknown, unknown][] = [
    ["throws", () => raise(error), error],
    ["rejects", () => Promise.reject(error), error],
    ["throws what is no error", () => raise(null), null],
  ];

  it.each(failing)("whose handler %s is answered with 200, told to onError and kept", async (_, onAny, thrown) => {
    const told: unknown[] = [];
    const { send, events } = await startReceiving({
      onAny,
      onError: (error, { name, id }) => void told.push([error, name, id]),
    });
    expect(await send(delivery())).toBe(200);
    expect(told).toEqual([[thrown, "call.ended", "own/call.ended/4200000001"]]);
    expect(await failedOf(events)).toMatchObject([
      { id: "own/call.ended/4200000001", attempts: 1, event: { data: endedCall } },
    ]);
    expect(await events.stats()).toMatchObject({ failed: 1, handled: 0, running: 0 });
    expect(await send(delivery())).toBe(200);
    expect(told).toHaveLength(1);
  });

  it("whose onError fails too leaves the app as it was", async () => {
    const fail = () => {
      throw new Error("no");
    };
    const { send } = await startReceiving({ onAny: fail, onError: fail });
    expect([await send(delivery()), await send(delivery({ data: { id: 8 } }))]).toEqual([200, 200]);
  });

  it("that takes long is answered after three seconds, goes on, and holds nobody up", async () => {
    const { opened, open } = gate();
    const { send, events } = await startReceiving({
      on: { "call.ended": () => opened },
      onAny: () => undefined,
    });
    const startedAt = performance.now();
    const slow = Array.from({ length: rounds(20, 300) }, (_, id) => send(call("call.ended", { id })));
    expect(await send(call("call.created", { id: 1_000_000 }))).toBe(200);
    expect(performance.now() - startedAt).toBeLessThan(promised(1_000));
    expect(new Set(await Promise.all(slow))).toEqual(new Set([200]));
    expect(performance.now() - startedAt).toBeGreaterThan(2_900);
    expect(performance.now() - startedAt).toBeLessThan(promised(3_200));
    expect(await events.stats()).toMatchObject({ running: slow.length, handled: 1 });
    open();
    await events.close();
    expect(await events.stats()).toMatchObject({ running: 0, handled: slow.length + 1 });
  });

  it("whose handler does not end has failed when its time is up, and its signal says so", async () => {
    const told: unknown[] = [];
    let signal: AbortSignal | undefined;
    const { send, events } = await startReceiving({
      handlerTimeoutMs: 50,
      on: { "call.ended": (event) => ((signal = event.signal), never()) },
      onError: (error) => void told.push(error),
    });
    expect(await send(delivery())).toBe(200);
    expect(told).toEqual([expect.objectContaining({ code: "webhook_handler_timeout", status: 504 })]);
    expect(signal).toMatchObject({ aborted: true });
    expect(await failedOf(events)).toMatchObject([
      { error: "WebhookError: The handler of call.ended took longer than 50 ms." },
    ]);
  });

  it("never meets another of the same call, and says when it comes late", async () => {
    const seen: string[] = [];
    let atWork = 0;
    const { send } = await startReceiving({
      async onAny({ name, late }: UnnamedEvent) {
        atWork += 1;
        await new Promise(setImmediate);
        seen.push(`${name}${late ? " late" : ""}${atWork > 1 ? " overlapping" : ""}`);
        atWork -= 1;
      },
    });
    const sent = [
      call("call.created", { status: "initial" }),
      call("call.ended"),
      call("call.answered", { status: "answered" }),
      call("call.hungup"),
      call("call.tagged"),
      call("call.comm_assets_generated"),
      { ...delivery({ event: "summary.created" }), data: { id: 1, call_id: endedCall.id } },
    ];
    for (const one of sent.slice(0, 3)) await send(one);
    await Promise.all(sent.slice(3).map(send));
    expect(seen.slice(0, 3)).toEqual(["call.created", "call.ended", "call.answered late"]);
    expect(seen.slice(3).sort()).toEqual([
      "call.comm_assets_generated",
      "call.hungup late",
      "call.tagged",
      "summary.created",
    ]);
  });

  it("of another call does not wait", async () => {
    const { opened, open } = gate();
    const { send } = await startReceiving({ on: { "call.ended": ({ data }) => (data.id === 1 ? opened : undefined) } });
    const first = send(call("call.ended", { id: 1 }));
    expect(await send(call("call.ended", { id: 2 }))).toBe(200);
    open();
    expect(await first).toBe(200);
  });

  it("is no longer taken once it is closed, while what is in hand is waited for", async () => {
    const { opened, open } = gate();
    let ended = false;
    const { send, events } = await startReceiving({ onAny: () => opened.then(() => void (ended = true)) });
    const first = send(delivery());
    while ((await events.stats()).running === 0) await new Promise(setImmediate);
    const closed = events.close();
    expect(await send(call("call.created"))).toBe(503);
    open();
    await closed;
    expect(ended).toBe(true);
    expect(await first).toBe(200);
  });
});

describe("a failed event", () => {
  it("is handed on again by retry, and is gone once that succeeds", async () => {
    let fails = true;
    const seen: unknown[] = [];
    const { send, events } = await startReceiving({
      onError: () => undefined,
      onAny({ source, data }) {
        seen.push([source, data]);
        if (fails) throw new Error("not yet: +1 555 555 0142");
      },
    });
    await send(delivery());
    const [{ id, error } = raise("none failed")] = await failedOf(events);
    expect(error).toBe("Error: not yet: [number]");
    await expect(events.retry(id)).rejects.toThrow("not yet");
    expect(await failedOf(events)).toMatchObject([{ id, attempts: 2 }]);
    fails = false;
    expect([await events.retry(id), await events.retry(id)]).toEqual([true, false]);
    expect(await failedOf(events)).toEqual([]);
    expect(seen).toEqual([
      ["webhook", endedCall],
      ["replayed", endedCall],
      ["replayed", endedCall],
    ]);
  });

  it("is forgotten by discard", async () => {
    const { send, events } = await startReceiving({
      onAny: () => Promise.reject(new Error("no")),
      onError: () => undefined,
    });
    await send(delivery());
    const [{ id } = raise("none failed")] = await failedOf(events);
    expect([await events.discard(id), await events.discard(id)]).toEqual([true, false]);
    expect(await failedOf(events)).toEqual([]);
  });

  it("lies where all processes see it, and is another app's not", async () => {
    const { auth, grants, keepToken } = companiesAuth();
    await keepToken(7);
    const { send } = await startReceiving(
      { onAny: () => Promise.reject(new Error("no")), onError: () => undefined, tokens: [] },
      { auth },
    );
    await send(delivery());
    const other = await startReceiving({ onAny: () => undefined }, { auth: companiesAuth(grants).auth });
    expect(await failedOf(other.events)).toMatchObject([{ id: "id:7/call.ended/4200000001" }]);
  });
});

describe('answer: "handled"', () => {
  it("refuses for now what fails, until it has failed five times", async () => {
    let handled = 0;
    const { send, events } = await startReceiving({
      answer: "handled",
      onError: () => undefined,
      onAny: () => {
        handled += 1;
        throw new Error("no");
      },
    });
    const statuses = [];
    for (let n = 0; n < 6; n++) statuses.push(await send(delivery()));
    expect(statuses).toEqual([503, 503, 503, 503, 200, 200]);
    expect(handled).toBe(5);
    expect(await failedOf(events)).toMatchObject([{ attempts: 5 }]);
  });

  it("does not count what passes by itself", async () => {
    const errors: Error[] = [
      ...Array.from({ length: 4 }, () => new StoreError("read a grant", "it is away")),
      ...Array.from(
        { length: 4 },
        () => new RateLimitError("GET /v1/calls", 1_000, { limit: 120, remaining: 0, resetAt: null }),
      ),
    ];
    const { send, events } = await startReceiving({
      answer: "handled",
      onError: () => undefined,
      onAny: () => {
        const error = errors.shift();
        if (error) throw error;
      },
    });
    const statuses = [];
    for (let n = 0; n < 9; n++) statuses.push(await send(delivery()));
    expect(statuses).toEqual([...Array<number>(8).fill(503), 200]);
    expect(await failedOf(events)).toEqual([]);
  });

  it("refuses after four and a half seconds what is not done, and takes it when it comes again", async () => {
    const { opened, open } = gate();
    let handled = 0;
    const { send, events } = await startReceiving({
      answer: "handled",
      onAny: () => opened.then(() => void handled++),
    });
    const startedAt = performance.now();
    expect(await send(delivery())).toBe(503);
    expect(performance.now() - startedAt).toBeGreaterThan(4_400);
    expect(performance.now() - startedAt).toBeLessThan(promised(4_800));
    open();
    while ((await events.stats()).handled === 0) await new Promise(setImmediate);
    expect(await send(delivery())).toBe(200);
    expect(handled).toBe(1);
  });
});

describe("a store that fails", () => {
  it("costs no event: it is handled, perhaps twice, and answered in time", async () => {
    const grants = memoryGrants();
    const { auth, keepToken } = companiesAuth(grants);
    await keepToken(7);
    let handled = 0;
    const { send } = await startReceiving({ onAny: () => void handled++, tokens: [] }, { auth });
    expect(await send(call("call.created"))).toBe(200);
    const away = () => Promise.reject(new StoreError("ask", "it is away"));
    Object.assign(grants, { claim: away, renewClaim: away, settle: away, outcome: away });
    expect([await send(delivery()), await send(delivery())]).toEqual([200, 200]);
    expect(handled).toBe(2);
  });
});

describe("an event that goes to a queue", () => {
  it("is handed over as plain JSON without its token, and comes back once by handle", async () => {
    const queue: string[] = [];
    const seen: unknown[] = [];
    const { send, events } = await startReceiving({
      enqueue: (json) => void queue.push(JSON.stringify(json)),
      on: { "call.ended": ({ data, timestamp }) => void seen.push([data, timestamp]) },
    });
    expect(await send(delivery())).toBe(200);
    expect(seen).toEqual([]);
    expect(queue).toHaveLength(1);
    expect(queue[0]).not.toContain(token);
    await events.handle(queue[0]!);
    await events.handle(JSON.parse(queue[0]!) as never);
    expect(seen).toEqual([[endedCall, new Date(1_790_000_123_000)]]);
  });

  it("is refused for now where the queue refuses it", async () => {
    const told: unknown[] = [];
    const error = new Error("the queue is away");
    const { send } = await startReceiving({
      enqueue: () => Promise.reject(error),
      onAny: () => undefined,
      onError: (thrown) => void told.push(thrown),
    });
    expect(await send(delivery())).toBe(503);
    expect(told).toEqual([error]);
  });

  it("is waited for as the receiver closes", async () => {
    const { opened, open } = gate();
    let json: object = {};
    let ended = false;
    const { send, events } = await startReceiving({
      enqueue: (given) => void (json = given),
      onAny: () => opened.then(() => void (ended = true)),
    });
    await send(delivery());
    const handled = events.handle(json as never);
    const closed = events.close();
    open();
    await closed;
    expect(ended).toBe(true);
    await handled;
  });

  it("rejects with what its handler threw, so that the queue tries again", async () => {
    let fails = true;
    let json: object = {};
    const { send, events } = await startReceiving({
      enqueue: (given) => void (json = given),
      onAny: () => {
        if (fails) throw new Error("not yet");
      },
    });
    await send(delivery());
    await expect(events.handle(json as never)).rejects.toThrow("not yet");
    fails = false;
    await expect(events.handle(json as never)).resolves.toBeUndefined();
  });

  it.each(["", "{", null, 7, {}, { id: "own/x/1", name: "x" }, { ...delivery() }])(
    "is not made of %j",
    async (json) => {
      const { events } = await startReceiving({ onAny: () => undefined });
      await expect(events.handle(json as never)).rejects.toMatchObject({ code: "bad_argument" });
    },
  );
});
