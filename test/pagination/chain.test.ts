import { Chain, type Link } from "../../src/pagination/chain";
import { createOrder } from "../../src/pagination/order";
import type { Item } from "../../src/pagination/progress";

/** Items by their ids; each of the second that `times` names, else of none. */
function items(ids: readonly number[], times: readonly (number | null)[] = []): Item<null>[] {
  return ids.map((id, n) => ({ value: null, id, time: times[n] ?? null }));
}

function createChain(sign: 1 | -1 = 1) {
  const order = createOrder("GET /v1/calls", sign);
  const chain = new Chain(order, (from) => ({ from, to: null }));
  /** The ids that are new, or null. */
  const join = (link: Partial<Link<null>> & Pick<Link<null>, "items">) => {
    const whole = { total: null, hasNext: true, index: null, how: "overlapping", ...link } as const;
    return chain.join(whole)?.map(({ id }) => id) ?? null;
  };
  return { order, chain, join };
}

/** One to five, the first of nine. */
function begun(total: number | null = 9) {
  const made = createChain();
  made.join({ items: items([1, 2, 3, 4, 5]), index: 0, total });
  return made;
}

describe("a chain of pages", () => {
  it("knows what it holds, and how much is still to come", () => {
    const { chain, join } = begun();
    expect([chain.length, chain.total, chain.trace()]).toEqual([5, 9, "1,2,3,4,5"]);
    expect(join({ items: items([4, 5, 6, 7]), index: 3, total: 10 })).toEqual([6, 7]);
    expect([chain.length, chain.total, chain.trace()]).toEqual([7, 10, "1,2,3,4,5,6,7"]);
    expect(join({ items: items([7, 8, 9]), total: 10 })).toEqual([8, 9]);
    expect([chain.length, chain.total]).toEqual([9, 10]);
  });

  it("does not know how much is to come where the list does not say", () => {
    const { chain, join } = createChain();
    expect(chain.total).toBeNull();
    join({ items: items([1, 2]), total: null });
    expect(chain.total).toBeNull();
  });

  it("does not believe that there are fewer than it holds", () => {
    expect(begun(1).chain.total).toBe(5);
  });

  it.each<[string, number[], Partial<Link<null>>, number[] | null]>([
    ["the end of the one before, and more", [4, 5, 6, 7], { index: 3, total: 9 }, [6, 7]],
    ["all of it, and more", [1, 2, 3, 4, 5, 6], { index: 0, total: 9 }, [6]],
    ["its end alone, and is the last", [4, 5], { index: 3, hasNext: false }, []],
    ["its end alone, and is not the last", [4, 5], { index: 3 }, null],
    ["nothing of it", [6, 7], { index: 5 }, null],
    ["some of it, and not its end", [3, 4, 6], { index: 2 }, null],
    ["its end, and once more what was before", [4, 5, 6, 1], { index: 3 }, null],
    ["its end, in another order", [5, 4, 5, 6], { index: 3 }, null],
    ["its end, twice", [5, 5, 6], { index: 4 }, null],
    ["its beginning out of order", [2, 1, 3, 4, 5, 6], { index: 0 }, null],
    ["its end, but says that there are fewer", [4, 5, 6, 7], { index: 3, total: 8 }, null],
    ["its end, further on than that stood", [5, 6], { index: 5, total: 9 }, null],
    ["its end, but says nothing of how many", [4, 5, 6, 7], { index: 3 }, [6, 7]],
    ["no item, and says that there are more", [], { index: 5, hasNext: false, total: 9 }, null],
    ["no item, and says that there is another page", [], { index: 5, total: 5 }, null],
    ["nothing of it, and begins where it ended", [6, 7], { index: 5, how: "counted" }, [6, 7]],
    ["its last, and begins where it ended", [5, 6], { index: 5, how: "counted" }, null],
    ["its last behind others, and begins where it ended", [6, 5], { index: 5, how: "counted" }, null],
    ["no item, begins where it ended, and is the last", [], { how: "counted", hasNext: false }, []],
    ["no item, begins where it ended, and leads to another", [], { how: "counted", total: 9 }, null],
    ["no item, begins where it ended, and counts more", [], { how: "counted", hasNext: false, total: 9 }, []],
    ["what it likes, and is where it led", [2, 6], { how: "led" }, [6]],
    ["no item, and is where it led", [], { how: "led" }, []],
  ])("takes a page that shows %s", (_what, shown, link, fresh) => {
    const { chain, join } = begun();
    expect(join({ ...link, items: items(shown) })).toEqual(fresh);
    expect(chain.length).toBe(5 + (fresh?.length ?? 0));
  });

  it("takes an empty page for the whole list where that says so", () => {
    const { chain, join } = createChain();
    expect(join({ items: [], total: 0, hasNext: false, index: 0 })).toEqual([]);
    expect(chain.total).toBe(0);
  });

  it("takes an empty page for none where there is a page behind it", () => {
    const { join } = createChain();
    expect(join({ items: [], total: null, index: 0 })).toBeNull();
    expect(join({ items: [], total: null, index: 0, hasNext: false })).toEqual([]);
  });

  it("holds each once, and of more than 10,000 the latest", () => {
    const { chain, join } = createChain();
    join({ items: items([1, 1, 2]), how: "led" });
    expect([chain.length, chain.trace()]).toEqual([2, "1,2"]);
    join({ items: items(Array.from({ length: 10_000 }, (_, n) => n + 2)), how: "led" });
    expect(chain.trace().startsWith("2,3,")).toBe(true);
    expect([chain.length, chain.trace().split(",").length]).toEqual([10_001, 10_000]);
  });
});

describe("a chain whose last second comes in another order", () => {
  /** Two of the second 10, two of 20. */
  function ofTwoSeconds() {
    const made = createChain();
    made.join({ items: items([1, 2, 3, 4], [10, 10, 20, 20]), index: 0 });
    return made;
  }

  it.each<[string, number[], (number | null)[], number[] | null]>([
    ["begins before it and goes beyond", [2, 5, 4, 3, 6], [10, 20, 20, 20, 30], [5, 6]],
    ["begins in it", [3, 5, 4, 6], [20, 20, 20, 30], null],
    ["ends in it", [2, 5, 4, 3], [10, 20, 20, 20], null],
    ["begins with one that is not known", [7, 5, 4, 3, 6], [10, 20, 20, 20, 30], null],
    ["steps back", [2, 5, 4, 8, 6], [10, 20, 20, 15, 30], null],
    ["has an item of no second", [2, 5, 4, 3, 6], [10, 20, null, 20, 30], null],
    ["begins with one of no second", [2, 5, 4, 3, 6], [null, 20, 20, 20, 30], null],
    ["ends with one of no second", [2, 5, 4, 3, 6], [10, 20, 20, 20, null], null],
  ])("takes a page that %s", (_what, shown, times, fresh) => {
    expect(ofTwoSeconds().join({ items: items(shown, times), index: 1 })).toEqual(fresh);
  });

  it("takes none once the list was out of order", () => {
    const { order, join } = ofTwoSeconds();
    order.stepBack(1);
    expect(join({ items: items([2, 5, 4, 3, 6], [10, 20, 20, 20, 30]), index: 1 })).toBeNull();
  });

  it("takes it from new to old as well", () => {
    const { join } = createChain(-1);
    join({ items: items([1, 2, 3, 4], [20, 20, 10, 10]), index: 0 });
    expect(join({ items: items([2, 5, 4, 3, 6], [20, 10, 10, 10, 5]), index: 1 })).toEqual([5, 6]);
  });

  it("takes none of a list without times", () => {
    expect(begun().join({ items: items([1, 6, 5, 7]), index: 0 })).toBeNull();
  });
});

describe("the order of a chain", () => {
  it.each<[string, 1 | -1, (number | null)[], boolean, boolean]>([
    ["rises as asked", 1, [10, 10, 20, 30], true, false],
    ["falls as asked", -1, [30, 20, 20, 10], true, false],
    ["falls in place of rising", 1, [30, 20, 20], false, true],
    ["falls in place of rising, with one of no second", 1, [30, null, 20], false, true],
    ["rises in place of falling", -1, [10, 20], false, true],
    ["steps back a little", 1, [10, 20, 5], false, false],
    ["steps back a little from new to old", -1, [30, 10, 25], false, false],
    ["steps back by more than a minute", 1, [10, 100, 39, 120], false, true],
    ["is all of one second", 1, [10, 10, 10], true, false],
    ["has no times", 1, [null, null], true, false],
    ["rises, with one of no time", 1, [10, null, 20], true, false],
  ])("is seen where a page %s", (_what, sign, times, kept, lost) => {
    const { order, join } = createChain(sign);
    join({
      items: items(
        times.map((_, n) => n + 1),
        times,
      ),
      index: 0,
    });
    expect([order.kept, order.lost]).toEqual([kept, lost]);
  });

  it("leaves a query for each later second, at the first of its items", () => {
    const { chain, join } = createChain();
    join({ items: items([1, 2, 3, 4, 5], [10, 10, 20, 20, 30]), index: 0 });
    expect(chain.shifted()).toEqual([
      { time: 20, span: { from: 20, to: null }, at: 2 },
      { time: 30, span: { from: 30, to: null }, at: 4 },
    ]);
  });

  it("moves those behind an item that comes late, and trusts only what is a minute old then", () => {
    const { order, chain, join } = createChain();
    const begins = () => chain.shifted().map(({ span, at }) => [span.from, at]);
    join({ items: items([1, 2, 3, 4, 5], [10, 20, 24, 30, 84]), index: 0 });
    join({ items: items([5, 6, 7], [84, 25, 84]), how: "led" });
    expect(order.kept).toBe(false);
    expect(begins()).toEqual([
      [20, 1],
      [24, 2],
    ]);
    join({ items: items([8], [90]), how: "led" });
    expect(begins()).toEqual([
      [20, 1],
      [24, 2],
      [30, 4],
    ]);
    order.stepBack(61);
    expect(begins()).toEqual([]);
  });

  it("trusts no query where nothing has a time", () => {
    const { order, chain } = begun();
    order.stepBack(1);
    expect(chain.shifted()).toEqual([]);
  });

  it("goes the same from new to old", () => {
    const { chain, join } = createChain(-1);
    join({ items: items([1, 2, 3, 4], [84, 74, 70, 10]), index: 0 });
    join({ items: items([5, 6], [69, 5]), how: "led" });
    expect(chain.shifted().map(({ span, at }) => [span.from, at])).toEqual([
      [74, 1],
      [70, 2],
    ]);
  });

  it("remembers the latest 128 of those queries", () => {
    const { chain, join } = createChain();
    const seconds = Array.from({ length: 130 }, (_, n) => n);
    join({ items: items(seconds, seconds), index: 0 });
    expect([chain.shifted().length, chain.shifted()[0]!.at, chain.shifted().at(-1)!.at]).toEqual([128, 2, 129]);
  });
});
