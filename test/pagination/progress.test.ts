import type { Progressed } from "../../src/pagination/cursor";
import { createOrder } from "../../src/pagination/order";
import { identify, type Item, Place, readTime } from "../../src/pagination/progress";

const item = (id: number, time: number | null): Item<string> => ({ value: `item ${id}`, id, time });
const start: Progressed = { edge: 1_000, ids: [1, 2], to: null, fetched: 7, total: 20 };

function createPlace({ sign = 1, from = null }: { sign?: 1 | -1; from?: Progressed | null } = {}) {
  const order = createOrder("GET /v1/calls", sign);
  const place = new Place(from, order);
  const handOut = (...items: Item<string>[]) => items.forEach((one) => place.handOut(one));
  return { order, place, handOut };
}

describe("the place of a walk", () => {
  it("is nowhere at first", () => {
    const { place } = createPlace();
    expect(place).toMatchObject({ edge: null, resume: null, fetched: 0, moved: false, total: null });
    place.leaveEdge();
    expect(place.progressed(9)).toEqual({ edge: null, ids: [], to: 9, fetched: 0, total: null });
  });

  it("is where another walk has come to", () => {
    const { place } = createPlace({ from: start });
    expect(place).toMatchObject({ edge: 1_000, resume: 1_000, fetched: 7, moved: false, total: 20 });
    expect(place.unseen([item(1, 1_000), item(3, 1_000)])).toEqual([item(3, 1_000)]);
    expect(place.progressed(null)).toEqual(start);
    expect(createPlace({ from: { ...start, edge: null } }).place.resume).toBeNull();
  });

  it("moves with what is handed out, and counts it", () => {
    const { place, handOut } = createPlace({ from: start });
    handOut(item(3, 1_001), item(4, null), item(5, 999));
    expect(place).toMatchObject({ edge: 1_001, fetched: 10, moved: true });
  });

  it("moves back in time where the list does", () => {
    const { place, handOut } = createPlace({ sign: -1, from: start });
    handOut(item(3, 1_001));
    expect(place.edge).toBe(1_000);
    handOut(item(4, 999), item(5, null));
    expect(place.edge).toBe(999);
  });

  it("is none to resume at before the list has gone on to another second", () => {
    const { place, handOut } = createPlace();
    handOut(item(1, 1_000), item(2, 1_000), item(3, 999));
    expect([place.edge, place.resume]).toEqual([1_000, null]);
    handOut(item(4, 1_001));
    expect(place.resume).toBe(1_001);
  });

  it.each([
    [1, 1_001],
    [-1, 999],
  ] as const)("leaves a second of which everything was handed out: %i", (sign, edge) => {
    const { place, handOut } = createPlace({ sign });
    handOut(item(1, 1_000));
    place.leaveEdge();
    expect([place.edge, place.resume]).toEqual([edge, edge]);
  });

  it.each([
    [1, 940],
    [-1, 1_060],
  ] as const)("is a minute before where a list is not quite in order, and none where it is in none: %i", (sign, at) => {
    const { order, place } = createPlace({ sign, from: start });
    order.stepBack(5);
    expect(place.resume).toBe(at);
    order.stepBack(61);
    expect(place.resume).toBeNull();
  });

  it("stays where it is held until it is vouched for", () => {
    const { order, place, handOut } = createPlace({ from: start });
    place.hold();
    handOut(item(3, 2_000));
    place.hold();
    expect([place.edge, place.resume]).toEqual([2_000, 1_000]);
    order.stepBack(61);
    expect(place.resume).toBeNull();
    const { place: vouched, handOut: handOn } = createPlace({ from: start });
    vouched.hold();
    handOn(item(3, 2_000));
    vouched.vouch();
    expect(vouched.resume).toBe(2_000);
  });

  it("knows how many there are as the first page said, be it that it said nothing", () => {
    const { place } = createPlace();
    place.expect(30);
    place.expect(31);
    expect(place.total).toBe(30);
    const { place: untold } = createPlace();
    untold.expect(null);
    untold.expect(31);
    expect(untold.total).toBeNull();
    const { place: resumed } = createPlace({ from: start });
    resumed.expect(31);
    expect(resumed.total).toBe(20);
  });
});

describe("what was not handed out yet", () => {
  it("is each item once", () => {
    const { place } = createPlace({ from: start });
    const fresh = [item(3, 1_000), item(4, 1_001)];
    expect(place.unseen([item(1, 1_000), fresh[0]!, item(2, 1_000), fresh[1]!, fresh[0]!])).toEqual(fresh);
  });

  it("begins where what is shown again ends, and not before", () => {
    const { place } = createPlace({ from: { ...start, ids: [1, 2, 5] } });
    place.unseen([item(1, 1_000), item(2, 1_003), item(3, 1_004), item(5, 1_005)]);
    expect(place.edge).toBe(1_003);
    place.unseen([item(1, 1_006)]);
    expect(place.edge).toBe(1_006);
    place.unseen([item(4, 1_007), item(5, 1_008)]);
    expect(place.edge).toBe(1_006);
  });

  it.each([
    [1, 1_061, 1_060],
    [-1, 939, 940],
  ] as const)("is remembered for a minute behind the place, or for ever without a time: %i", (sign, far, near) => {
    const { place, handOut } = createPlace({ sign, from: start });
    handOut(item(3, null), item(4, near));
    place.forgetPassed();
    expect(place.progressed(null).ids).toEqual([1, 2, 3, 4]);
    handOut(item(5, far));
    expect(place.progressed(null).ids).toEqual([3, 4, 5]);
    expect(place.unseen([item(1, 1_000)])).toEqual([]);
    place.forgetPassed();
    expect(place.unseen([item(1, 1_000), item(3, null)])).toEqual([item(1, 1_000)]);
  });

  it.each([1, -1] as const)("is not forgotten while there is no place to resume at: %i", (sign) => {
    const { place, handOut } = createPlace({ sign });
    handOut(item(1, 1_000));
    place.forgetPassed();
    expect(place.unseen([item(1, 1_000)])).toEqual([]);
  });
});

describe("an item", () => {
  it("is itself by its id, or by all that it says", () => {
    expect([identify({ id: 7 }, "id"), identify({ key: "k" }, "key")]).toEqual([7, "k"]);
    const [one, other] = [
      { id: null, a: 1 },
      { id: null, a: 2 },
    ].map((value) => identify(value, "id"));
    expect(one).toMatch(/^[0-9a-f]{16}$|^[\w-]{16}$/);
    expect(identify({ id: null, a: 1 }, "id")).toBe(one);
    expect(other).not.toBe(one);
    expect(identify("text", "length")).toHaveLength(16);
  });

  it("has a time in seconds, as a number or as text", () => {
    const times = [1_700_000_000, 1_700_000_000.9, "2023-11-14T22:13:20.900Z", "soon", Infinity, null, true];
    expect(times.map((at) => readTime({ at }, "at"))).toEqual([
      ...[1_700_000_000, 1_700_000_000, 1_700_000_000],
      ...[null, null, null, null],
    ]);
    expect(readTime(null, "at")).toBeNull();
  });
});
