import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { RateLimitError } from "../../src/errors/errors";
import type { Api } from "../../src/resources/api";
import type { IterateOptions } from "../../src/pagination/options";
import { route } from "../../src/http/route";
import { unknownBudget, type Asking, type Limiter } from "../../src/http/limiter";
import { walk } from "../../src/pagination/iterate";
import { type Api as PretendApi, useApi } from "../support/servers/api";
import { answerFrom, firstSecond, ids, type PastCall, pastCalls } from "../support/call-history";

const { serve, connect } = useApi();
const to = firstSecond + 500_000;
const rate = { limit: null, remaining: null, resetAt: null };

function walkOver(http: Api, options: IterateOptions = {}, means = {}) {
  const list = { route: route`GET /v1/calls`, key: "calls", time: "started_at" } as const;
  return walk<PastCall>(http, list, { options, query: { to }, means });
}

/** A history whose answers wait for `open`; `inFlight` counts the requests that wait or were left. */
async function serveGate(calls: number, firstHeld: number) {
  const gate = { inFlight: 0, most: 0, open: () => undefined as void };
  const opened = new Promise<void>((resolve) => (gate.open = resolve));
  const answer = answerFrom({ calls: pastCalls(calls) });
  const api: PretendApi = await serve(async (req, res) => {
    gate.most = Math.max(gate.most, ++gate.inFlight);
    res.once("close", () => gate.inFlight--);
    if (api.arrived.length >= firstHeld) await Promise.race([opened, once(res, "close")]);
    await pause(10);
    if (!res.destroyed) await answer(req, res);
  });
  return { api, gate };
}

/** Waits, with real time as the last resort, until it is so. */
async function until(fact: () => boolean): Promise<void> {
  for (let round = 0; round < 500 && !fact(); round++) await pause(5);
  expect(fact()).toBe(true);
}

const turnsOf = (take: (asking: Asking) => void, remaining: number | null): Limiter => ({
  acquire(asking) {
    take(asking);
    return Promise.resolve({ sent: () => undefined, done: () => undefined });
  },
  look: () => ({ ...unknownBudget, limit: 60, remaining }),
});

describe("a walk ahead of its consumer", () => {
  it("fetches more pages with every page taken, eight at most", async () => {
    const { api } = await serveGate(2_000, 100);
    const pages = walkOver(connect(api)).pages()[Symbol.asyncIterator]();
    for (const arrived of [2, 4, 7, 12, 13, 14]) {
      await pages.next();
      await until(() => api.arrived.length >= arrived);
      expect(api.arrived).toHaveLength(arrived);
    }
    await pages.return!();
  });

  it.each([
    ["ahead: 0", { ahead: 0 }, 1],
    ["ahead: 2", { ahead: 2 }, 2],
    ["nothing", {}, 8],
  ])("with %s keeps that many requests in flight", async (_what, options: IterateOptions, most) => {
    const { api, gate } = await serveGate(2_000, 100);
    expect(await walkOver(connect(api), options).collect({ max: Infinity })).toHaveLength(2_000);
    expect(gate.most).toBeLessThanOrEqual(most);
    expect(gate.most).toBeGreaterThanOrEqual(Math.min(most, 3));
  });

  it.each([
    [1, 1],
    [50, 2],
    [100, 3],
    [120, 3],
  ])("asks for no page that cannot be wanted: for %i items %i", async (max, requests) => {
    const api = await serve(answerFrom({ calls: pastCalls(2_000) }));
    expect(await walkOver(connect(api)).collect({ max })).toHaveLength(max);
    expect(api.arrived).toHaveLength(requests);
  });

  it.each([undefined, {}, { max: -1 }])("collects nothing where it is told %p", async (limit) => {
    await expect(walkOver(connect(await serve({}))).collect(limit as never)).rejects.toThrow("max must be");
  });

  it("never has more in flight than the budget has left", async () => {
    const { api, gate } = await serveGate(2_000, 100);
    const http = connect(api, { limiter: turnsOf(() => undefined, 2) });
    expect(await walkOver(http).collect({ max: Infinity })).toHaveLength(2_000);
    expect(gate.most).toBeLessThanOrEqual(2);
  });

  it("asks in the bulk lane", async () => {
    const lanes: string[] = [];
    const api = await serve(answerFrom({ calls: pastCalls(170) }));
    const http = connect(api, { limiter: turnsOf(({ lane }) => lanes.push(lane), null) });
    await walkOver(http).collect({ max: Infinity });
    expect(new Set(lanes)).toEqual(new Set(["bulk"]));
  });

  it.each([-1, 51, 1.5, NaN])("refuses to be %p pages ahead", async (ahead) => {
    const api = await serve({});
    await expect(walkOver(connect(api), { ahead }).collect({ max: 1 })).rejects.toMatchObject({
      code: "config_invalid",
    });
    expect(api.arrived).toHaveLength(0);
  });
});

describe("a walk that is left", () => {
  type Leave = (walked: ReturnType<typeof walkOver>, controller: AbortController) => Promise<unknown>;

  it.each<[string, Leave, unknown]>([
    [
      "by break",
      async (walked) => {
        for await (const { id } of walked) if (id === 60) break;
      },
      "left",
    ],
    [
      "by an error in the body",
      async (walked) => {
        for await (const { id } of walked) if (id === 60) throw new Error("full disk");
      },
      "full disk",
    ],
    [
      "by the signal",
      async (walked, controller) => {
        for await (const { id } of walked) if (id === 60) controller.abort(new Error("enough"));
      },
      "enough",
    ],
    [
      "while a page is awaited",
      async (walked) => {
        const items = walked[Symbol.asyncIterator]();
        for (let n = 0; n < 98; n++) await items.next();
        const next = items.next();
        await items.return!();
        expect(await next).toEqual({ done: true, value: undefined });
      },
      "left",
    ],
  ])("%s ends its requests and rejects nothing unhandled", async (_how, leave, expected) => {
    const unhandled = jest.fn();
    process.on("unhandledRejection", unhandled);
    const { api, gate } = await serveGate(2_000, 3);
    const controller = new AbortController();
    const outcome = leave(walkOver(connect(api), { signal: controller.signal }), controller);
    expect(
      await outcome.then(
        () => "left",
        (error: Error) => error.message,
      ),
    ).toBe(expected);
    const sent = api.arrived.length;
    await until(() => gate.inFlight === 0);
    expect([api.arrived.length, unhandled.mock.calls]).toEqual([sent, []]);
    process.off("unhandledRejection", unhandled);
  });

  it("before it began sends nothing", async () => {
    const api = await serve({});
    const loop = walkOver(connect(api), { signal: AbortSignal.abort(new Error("enough")) }).collect({ max: 1 });
    await expect(loop).rejects.toThrow("enough");
    expect(api.arrived).toHaveLength(0);
  });
});

describe("a walk without budget", () => {
  /** From the third request on some are refused before one is answered. */
  async function serveLimited(refusals = 2) {
    const answer = answerFrom({ calls: pastCalls(300) });
    const api: PretendApi = await serve((req, res) =>
      api.arrived.length > 2 && refusals-- > 0 ? res.writeHead(429, { "Retry-After": "90" }).end() : answer(req, res),
    );
    return api;
  }

  it("waits as long as the error says, and goes on", async () => {
    const waits: number[] = [];
    const sleep = (ms: number) => Promise.resolve(void waits.push(ms));
    const http = connect(await serveLimited());
    const walked = walkOver(http, {}, { sleep });
    expect((await walked.collect({ max: Infinity })).map(({ id }) => id)).toEqual(ids(1, 300));
    expect(waits).toEqual([90_000, 90_000]);
  });

  it("waits for nothing in the interactive lane: it says so at once, behind what came before", async () => {
    const sleep = jest.fn(() => Promise.resolve());
    const walked = walkOver(connect(await serveLimited()), { lane: "interactive" }, { sleep });
    const seen: number[] = [];
    const loop = async () => {
      for await (const { id } of walked) seen.push(id);
    };
    await expect(loop()).rejects.toThrow(RateLimitError);
    expect([seen, walked.done]).toEqual([ids(1, 98), false]);
    expect(sleep).not.toHaveBeenCalled();
  });

  it.each([
    ["a quarter of an hour", undefined, 10],
    ["maxWaitMs", 200_000, 2],
    ["nothing, where it may not wait", 0, 0],
  ])("gives up after %s, and goes on at its cursor later", async (_how, maxWaitMs, waits) => {
    const api = await serveLimited(Infinity);
    const sleep = jest.fn(() => Promise.resolve());
    const options = maxWaitMs === undefined ? { ahead: 0 } : { maxWaitMs, ahead: 0 };
    const walked = walkOver(connect(api), options, { sleep });
    await expect(walked.collect({ max: Infinity })).rejects.toThrow(RateLimitError);
    expect(sleep).toHaveBeenCalledTimes(waits);
    const later = walkOver(connect(await serve(answerFrom({ calls: pastCalls(300) }))), { cursor: walked.cursor });
    expect((await later.collect({ max: Infinity })).map(({ id }) => id)).toEqual(ids(99, 300));
  });

  it("counts also the time that its requests waited for", async () => {
    const begin = to * 1_000;
    let clock = begin;
    const sleep = () => Promise.resolve();
    const now = () => (clock += 60_000);
    const walked = walkOver(connect(await serveLimited(Infinity)), { maxWaitMs: 300_000, ahead: 0 }, { sleep, now });
    await expect(walked.collect({ max: Infinity })).rejects.toThrow(RateLimitError);
    expect(clock - begin).toBeLessThan(600_000);
  });

  it("refuses a maxWaitMs that is none before anything is sent", async () => {
    const api = await serve({});
    const refused = { code: "config_invalid" };
    await expect(walkOver(connect(api), { maxWaitMs: -1 }).collect({ max: 1 })).rejects.toMatchObject(refused);
    await expect(walkOver(connect(api), { maxWaitMs: NaN }).collect({ max: 1 })).rejects.toMatchObject(refused);
    expect(api.arrived).toHaveLength(0);
  });

  it("is stopped by the signal while it waits", async () => {
    const controller = new AbortController();
    const sleep = (ms: number, signal: AbortSignal) => {
      setImmediate(() => controller.abort(new Error("enough")));
      return pause(ms, undefined, { signal });
    };
    const walked = walkOver(connect(await serveLimited()), { signal: controller.signal }, { sleep });
    await expect(walked.collect({ max: Infinity })).rejects.toThrow("enough");
  });

  it("waits also for a turn that cannot come within a page's deadline", async () => {
    let refused = 0;
    const turns = turnsOf(({ request }) => {
      if (refused++ === 0) throw new RateLimitError(request, 40_000, rate);
    }, null);
    const waits: number[] = [];
    const http = connect(await serve(answerFrom({ calls: pastCalls(3) })), { limiter: turns });
    const sleep = (ms: number) => Promise.resolve(void waits.push(ms));
    expect(await walkOver(http, {}, { sleep }).collect({ max: 9 })).toHaveLength(3);
    expect(waits).toEqual([40_000]);
  });
});
