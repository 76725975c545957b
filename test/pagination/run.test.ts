import { setTimeout as pause } from "node:timers/promises";
import { ConnectionError, RateLimitError } from "../../src/errors/errors";
import type { CallOptions } from "../../src/http/options";
import { unknownBudget } from "../../src/http/limiter";
import { route } from "../../src/http/route";
import type { IterateOptions, List, Means, PageSource, Progress } from "../../src/pagination/options";
import { walk } from "../../src/pagination/iterate";
import {
  firstSecond,
  type HistoryOptions,
  ids,
  type Listed,
  listedFrom,
  type PastCall,
  pastCalls,
} from "../support/call-history";

const query = { to: firstSecond + 500_000 };
const calls: List = { route: route`GET /v1/calls`, key: "calls", time: "started_at" };
const rate = { limit: null, remaining: null, resetAt: null };

/** A walk over 120 calls, three pages of them, and what each page was asked with. */
function start(options: IterateOptions = {}, { means = {}, ...more }: Started = {}) {
  const { http, asked } = listedFrom({ calls: pastCalls(120) }, more);
  const given: CallOptions[] = [];
  const noting: PageSource = {
    ...http,
    ...more.source,
    page: (list, chosen = {}, search) => (given.push(chosen), http.page(list, chosen, search)),
  };
  const walked = walk<PastCall>(noting, calls, { options, query, means });
  return { walked, asked, given };
}

interface Started extends HistoryOptions {
  readonly means?: Means;
  readonly source?: Partial<PageSource>;
}

async function idsOf(items: AsyncIterable<{ id: number }>): Promise<number[]> {
  const seen: number[] = [];
  for await (const { id } of items) seen.push(id);
  return seen;
}

/** Refuses so many of the requests from the second on. */
function limited(refusals: number, retryAfterMs = 90_000) {
  let requests = 0;
  const before = () => {
    if (++requests > 1 && requests <= refusals + 1) throw new RateLimitError("GET /v1/calls", retryAfterMs, rate);
  };
  const waits: number[] = [];
  const sleep = (ms: number) => Promise.resolve(void waits.push(ms));
  return { before, waits, sleep };
}

describe("a loop over a walk", () => {
  it("hands out items or pages, and says at its end that it is done", async () => {
    const { walked } = start();
    const items = walked[Symbol.asyncIterator]();
    await items.next();
    expect([walked.done, (items as AsyncIterableIterator<PastCall>)[Symbol.asyncIterator]()]).toEqual([false, items]);
    expect([await idsOf(walked), walked.done]).toEqual([ids(1, 120), true]);
    const pages: number[][] = [];
    for await (const page of walked.pages()) pages.push(page.items.map(({ id }) => id));
    expect(pages).toEqual([ids(1, 50), ids(51, 98), ids(99, 120)]);
    expect(walked.done).toBe(true);
  });

  it("asks for every page anew, in the lane of many", async () => {
    const { walked, given } = start({ timeoutMs: 5, maxRetries: 1, cacheMs: 60_000, ahead: 1, cursor: null });
    await idsOf(walked);
    const { signal } = given[0]!;
    expect(signal).toBeInstanceOf(AbortSignal);
    expect(given[0]).toEqual({ timeoutMs: 5, maxRetries: 1, lane: "bulk", cacheMs: 0, signal });
  });

  it.each([
    ["its own lane", { lane: "interactive" }, { lane: "bulk" }, "interactive"],
    ["its client's", {}, { lane: "interactive" }, "interactive"],
  ] as const)("asks in %s", async (_whose, options, source, lane) => {
    const { walked, given } = start(options, { source });
    await idsOf(walked);
    expect(new Set(given.map((chosen) => chosen.lane))).toEqual(new Set([lane]));
  });

  it("tells of its progress before it hands on, and waits for whoever is told", async () => {
    const told: (Progress | number)[] = [];
    const onProgress = async (progress: Progress) => {
      await pause(1);
      told.push(progress);
    };
    for await (const { id } of start({ onProgress }).walked) if (id % 50 === 1) told.push(id);
    expect(told).toEqual([
      { fetched: 50, total: 120 },
      1,
      { fetched: 98, total: 120 },
      51,
      { fetched: 120, total: 120 },
      101,
    ]);
  });

  it("tells of no total where the list gives none", async () => {
    const told: (number | null)[] = [];
    const change: Listed["change"] = ({ meta: { total: _, ...meta }, calls: shown }) => ({ meta, calls: shown });
    const { http } = listedFrom({ calls: pastCalls(60) }, { change });
    const onProgress = ({ total }: Progress) => void told.push(total);
    await idsOf(walk<PastCall>(http, calls, { options: { onProgress }, query }));
    expect(told).toEqual([null, null]);
  });

  it("tells of no smaller total than what has come", async () => {
    const told: Progress[] = [];
    const history = { calls: pastCalls(60) };
    const before = () => {
      if (history.calls.length < 70) history.calls.push({ id: 900 + history.calls.length, started_at: firstSecond });
      history.calls.sort((one, other) => one.started_at - other.started_at);
    };
    const { http } = listedFrom(history, { before });
    const onProgress = (progress: Progress) => void told.push(progress);
    const seen = await idsOf(walk<PastCall>(http, calls, { options: { onProgress }, query }));
    expect(told.at(-1)).toEqual({ fetched: seen.length, total: Math.max(61, seen.length) });
  });

  it("keeps its cursor behind what was handed out", async () => {
    const { walked } = start();
    expect(walked.cursor).toBeNull();
    const items = walked[Symbol.asyncIterator]();
    expect(walked.cursor).toBeNull();
    for (let n = 0; n < 60; n++) await items.next();
    const later = start({ cursor: walked.cursor }).walked;
    expect(later.cursor).toBe(walked.cursor);
    expect(await idsOf(later)).toEqual(ids(61, 120));
  });

  it("keeps its cursor behind the pages that were handed out", async () => {
    const { walked } = start();
    const pages = walked.pages()[Symbol.asyncIterator]();
    await pages.next();
    expect(await idsOf(start({ cursor: walked.cursor }).walked)).toEqual(ids(51, 120));
  });

  it("hands out no page that holds nothing new", async () => {
    const { walked } = start();
    for await (const { id } of walked) if (id === 120) break;
    const pages: unknown[] = [];
    for await (const page of start({ cursor: walked.cursor }).walked.pages()) pages.push(page);
    expect(pages).toEqual([]);
  });

  it("names where it was begun in an error of another place", async () => {
    const { walked } = start({}, { before: () => Promise.reject(new ConnectionError("GET /v1/calls", "it broke.")) });
    const failure = await idsOf(walked).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConnectionError);
    expect((failure as Error).stack).toContain("run.test.ts");
  });

  it("refuses a cursor of another walk before anything is sent", async () => {
    await expect(idsOf(start({ cursor: "another's" }).walked)).rejects.toMatchObject({
      code: "config_invalid",
      outcome: "not_sent",
    });
    expect(() => start({ ahed: 1 } as IterateOptions).walked[Symbol.asyncIterator]()).toThrow("ahed");
  });
});

describe("a loop that is left", () => {
  it("is over, and asks for no more", async () => {
    const { walked, asked, given } = start();
    for await (const { id } of walked) if (id === 60) break;
    const sent = asked().length;
    expect(given.at(-1)!.signal!.aborted).toBe(true);
    await pause(5);
    expect([walked.done, asked().length]).toEqual([false, sent]);
  });

  it("while a page is awaited ends that one, and rejects nothing", async () => {
    let [arrived, fail] = [() => undefined as void, (_: Error) => undefined as void];
    const under = new Promise<void>((resolve) => (arrived = resolve));
    const before = () => (arrived(), new Promise((_, reject) => (fail = reject)));
    const { walked, given } = start({}, { before });
    const items = walked[Symbol.asyncIterator]();
    const next = items.next();
    await under;
    const left = items.return!();
    expect(given[0]!.signal!.aborted).toBe(true);
    fail(new Error("cut"));
    expect([await next, await left]).toEqual([{ done: true }, { done: true }]);
  });

  it.each(["its own signal", "its client's"])("by %s ends with the reason", async (whose) => {
    const controller = new AbortController();
    const [options, source] = [{ signal: controller.signal }, { signal: controller.signal }];
    const { walked, given } = whose === "its own signal" ? start(options) : start({}, { source });
    const loop = async () => {
      for await (const { id } of walked) if (id === 60) controller.abort(new Error("enough"));
    };
    await expect(loop()).rejects.toThrow("enough");
    expect([walked.done, given.at(-1)!.signal!.aborted]).toEqual([false, true]);
  });

  it("by a signal that has ended asks for nothing", async () => {
    const { walked, asked } = start({ signal: AbortSignal.abort(new Error("enough")) });
    await expect(idsOf(walked)).rejects.toThrow("enough");
    expect(asked()).toEqual([]);
  });

  it("by a signal while a page fails ends with the signal's reason", async () => {
    const controller = new AbortController();
    const before = () => {
      controller.abort(new Error("enough"));
      throw new ConnectionError("GET /v1/calls", "it broke.");
    };
    await expect(idsOf(start({ signal: controller.signal }, { before }).walked)).rejects.toThrow("enough");
  });

  it("listens to its signal no longer", async () => {
    const { signal } = new AbortController();
    const [added, removed] = [jest.spyOn(signal, "addEventListener"), jest.spyOn(signal, "removeEventListener")];
    await idsOf(start({ signal }).walked);
    expect(added.mock.calls.length).toBeGreaterThan(0);
    for (const [type, listener] of added.mock.calls) expect(removed).toHaveBeenCalledWith(type, listener);
  });
});

describe("a loop without budget", () => {
  const now = () => query.to * 1_000;

  it("waits as long as it is told to, for a tenth of a second at least", async () => {
    const { before, waits, sleep } = limited(2);
    expect(await idsOf(start({ ahead: 0 }, { before, means: { sleep } }).walked)).toEqual(ids(1, 120));
    expect(waits).toEqual([90_000, 90_000]);
    const short = limited(1, 5);
    await idsOf(start({ ahead: 0 }, { before: short.before, means: { sleep: short.sleep } }).walked);
    expect(short.waits).toEqual([100]);
  });

  it("wakes up every hour where it waits for long", async () => {
    const { before, waits, sleep } = limited(1, 7_200_000);
    await idsOf(start({ ahead: 0, maxWaitMs: Infinity }, { before, means: { sleep } }).walked);
    expect(waits).toEqual([3_600_000]);
  });

  it.each([
    [undefined, 10],
    [0, 0],
    [89_999, 0],
    [90_000, 1],
    [180_000, 2],
  ])("gives up before it would wait for longer than %p", async (maxWaitMs, count) => {
    const { before, waits, sleep } = limited(Infinity);
    const { walked } = start({ ahead: 0, maxWaitMs }, { before, means: { sleep, now } });
    await expect(idsOf(walked)).rejects.toThrow(RateLimitError);
    expect(waits).toHaveLength(count);
  });

  it("counts the time that its requests took as well", async () => {
    const { before, waits, sleep } = limited(Infinity, 1_000);
    let clock = query.to * 1_000;
    const means = { sleep, now: () => (clock += 60_000) };
    const { walked } = start({ ahead: 0, maxWaitMs: 300_000 }, { before, means });
    await expect(idsOf(walked)).rejects.toThrow(RateLimitError);
    expect(waits).toHaveLength(4);
  });

  it("waits for nothing else, and not at all where somebody waits for it", async () => {
    const sleep = jest.fn(() => Promise.resolve());
    const broken = start(
      {},
      { before: () => Promise.reject(new ConnectionError("GET /v1/calls", "no.")), means: { sleep } },
    );
    await expect(idsOf(broken.walked)).rejects.toThrow(ConnectionError);
    const { before } = limited(1);
    const hurried = start({ lane: "interactive" }, { before, means: { sleep } });
    await expect(idsOf(hurried.walked)).rejects.toThrow(RateLimitError);
    expect(sleep).not.toHaveBeenCalled();
  });

  it("waits by the clock of this machine where it is handed none, and until its signal ends", async () => {
    const { before } = limited(Infinity, 60_000);
    const controller = new AbortController();
    const { walked } = start({ ahead: 0, signal: controller.signal }, { before: () => (queueAbort(), before()) });
    const queueAbort = () => setImmediate(() => controller.abort(new Error("enough")));
    await expect(idsOf(walked)).rejects.toThrow("enough");
  });

  it("asks for no more at once than there is room for", async () => {
    const budget = () => ({ ...unknownBudget, remaining: 0 });
    const { walked, asked } = start({}, { source: { budget } });
    const items = walked[Symbol.asyncIterator]();
    await items.next();
    await pause(5);
    expect(asked()).toHaveLength(1);
    await items.return!();
  });
});
