import { ConnectionError } from "../../src/errors/errors";
import { describeQuery, writeCursor } from "../../src/pagination/cursor";
import { walk } from "../../src/pagination/iterate";
import type { IterateOptions } from "../../src/pagination/options";
import { firstSecond, ids, listedFrom, type PastCall, pastCalls } from "../support/call-history";
import { byNumber, byTime } from "../support/short-walk";

/** A walk over 120 calls, three pages of them. */
function walkOver(options: IterateOptions = {}, before = () => undefined as unknown) {
  const { http, asked } = listedFrom({ calls: pastCalls(120) }, { before });
  const query = { to: firstSecond + 500_000 };
  return { walked: walk<PastCall>(http, byTime, { options: { ahead: 0, ...options }, query }), asked };
}

it("a walk asks for the next page while the first is read", async () => {
  const { walked, asked } = walkOver({ ahead: 8 });
  const items = walked[Symbol.asyncIterator]();
  await items.next();
  expect(asked()).toHaveLength(2);
  await items.return!();
});

it("a walk that goes on at a cursor ends where the first one would have", async () => {
  const at = (seconds: number) => ({ now: () => (firstSecond + seconds) * 1_000 });
  const [first, later] = [listedFrom({ calls: pastCalls(120) }), listedFrom({ calls: pastCalls(120) })];
  const walked = walk<PastCall>(first.http, byTime, { means: at(200) });
  await walked.collect({ max: 10 });
  const { cursor } = walked;
  await walk<PastCall>(later.http, byTime, { options: { cursor }, means: at(900) }).collect({ max: Infinity });
  expect(later.asked()[0]).toMatchObject({ from: String(firstSecond + 9), to: String(firstSecond + 200) });
});

it.each([
  ["asc", 200],
  ["desc", -5],
] as const)("a walk asks for nothing beyond its end, where its cursor is: %s", async (order, second) => {
  const query = { from: firstSecond, to: firstSecond + 100, order };
  const progressed = { edge: firstSecond + second, ids: [], to: query.to, fetched: 1, total: null };
  const cursor = writeCursor(describeQuery(byTime.route, query), progressed);
  const { http, asked } = listedFrom({ calls: pastCalls(20) });
  expect(await walk<PastCall>(http, byTime, { options: { cursor }, query }).collect({ max: 9 })).toEqual([]);
  expect(asked()).toEqual([]);
});

it("a walk goes on at a cursor in a list that has no time", async () => {
  const over = (options: IterateOptions = {}) =>
    walk<PastCall>(listedFrom({ calls: pastCalls(60) }).http, byNumber, { options });
  const walked = over();
  await walked.collect({ max: 10 });
  const later = await over({ cursor: walked.cursor }).collect({ max: Infinity });
  expect(later.map(({ id }) => id)).toEqual(ids(11, 60));
});

describe("what a walk collects", () => {
  const broken = (from: number) => {
    let requests = 0;
    return () => {
      if (++requests >= from) throw new ConnectionError("GET /v1/calls", "it broke.");
    };
  };

  it("is not there before it is asked for", () => {
    const { walked } = walkOver();
    expect([walked.done, walked.cursor]).toEqual([false, null]);
  });

  it.each([
    [0, 0, 0],
    [10, 10, 1],
    [50, 50, 2],
    [120, 120, 3],
    [Infinity, 120, 3],
  ])("is %p at most: %i, of %i pages", async (max, length, pages) => {
    const { walked, asked } = walkOver();
    expect(await walked.collect({ max })).toHaveLength(length);
    expect(asked().length).toBeLessThanOrEqual(Math.max(1, pages));
    expect(walked.done).toBe(length === 120);
    if (length > 0 && length < 120)
      expect(await walkOver({ cursor: walked.cursor }).walked.collect({ max: Infinity })).toHaveLength(120 - length);
    if (length === 0) expect(walked.cursor).toBeNull();
  });

  it("is whole although the page behind it fails, and is none where its own does", async () => {
    const { walked } = walkOver({}, broken(2));
    expect(await walked.collect({ max: 50 })).toHaveLength(50);
    await expect(walkOver({}, broken(2)).walked.collect({ max: 51 })).rejects.toThrow("it broke");
    await expect(walkOver({}, broken(1)).walked.collect({ max: 1 })).rejects.toThrow(ConnectionError);
  });

  it.each([undefined, {}, { max: -1 }, { max: NaN }])("is nothing where it is told %p", async (limit) => {
    await expect(walkOver().walked.collect(limit as never)).rejects.toThrow("max must be a whole number from 0");
  });
});
