import { Course } from "../../src/pagination/course";
import type { Limits, Window, WindowsParts } from "../../src/pagination/parts";
import type { Stride } from "../../src/pagination/strides";
import { ids } from "../support/call-history";
import { createCourse, last, link, type Made, more, nameless, pageOf } from "../support/one-course";

describe("the next page of a window", () => {
  it("is the first at first, and none behind it before that has come", () => {
    const { course, base } = createCourse({ window: { firstPage: 3 } });
    const first = { base: { span: { from: null, to: 1_000 }, at: -10 }, page: 3, size: 5, start: 0, end: 5 };
    expect(course.next(null)).toEqual(first);
    expect(course.next({ ...first, base })).toBeNull();
  });

  it("shows the end of the latest again", () => {
    const { course, join } = createCourse({ byTime: false });
    join(ids(1, 5), more(20));
    expect(course.next(null)).toMatchObject({ page: 2, size: 4, start: 4, end: 8 });
  });

  it.each([
    [8, true],
    [9, false],
    [10, false],
  ])("is one behind that which was asked for, where more are promised: of nine, behind the %ith", (end, promised) => {
    const { course, join, base } = createCourse({ byTime: false });
    join(ids(1, 5), more(9));
    expect(course.next({ base, page: 2, size: 4, start: 4, end }) !== null).toBe(promised);
  });

  it("is as far as its reach where it is counted, and anywhere where it is led to", () => {
    for (const [reach, next_page_link, there] of [
      [10, link(2), true],
      [9, link(2), false],
      [9, nameless, true],
    ] as const) {
      const { course, join } = createCourse({ window: { plain: true }, limits: { reach } });
      join(ids(1, 5), { total: 20, next_page_link });
      expect(course.next(null) !== null).toBe(there);
    }
  });

  it("is one of those that are left from the first page on", () => {
    const { course, join, base } = createCourse({ window: { plain: true, firstPage: 3 } });
    join(ids(11, 15), more(20, 3), { page: 3 });
    const behind = (end: number) => course.next({ base, page: 3, size: 5, start: 0, end });
    expect([behind(9) !== null, behind(10) !== null]).toEqual([true, false]);
  });

  it("is none behind that which was asked for, where nobody knows how many there are", () => {
    const { course, join, base } = createCourse();
    join(ids(1, 5), { next_page_link: link(2) });
    expect(course.next({ base, page: 2, size: 4, start: 4, end: 8 })).toBeNull();
  });

  it("is where the latest leads, and none behind it", () => {
    const { course, join, base } = createCourse();
    join(ids(1, 5), { total: 20, next_page_link: nameless });
    expect(course.next(null)).toMatchObject({ page: 2, start: 5, end: 10 });
    expect(course.next({ base, page: 2, size: 5, start: 5, end: 10 })).toBeNull();
    expect(course.plain).toBe(false);
  });

  it.each<[string, Made]>([
    ["a window that is read so", { window: { plain: true } }],
    ["a list of its own size", { limits: { fixed: true } }],
  ])("is the one that is counted next in %s", (_what, made) => {
    const { course, join } = createCourse(made);
    expect(course.plain).toBe(true);
    join(ids(1, 5), more(20));
    expect(course.next(null)).toMatchObject({ page: 2, size: 5, start: 5, end: 10 });
  });

  it.each<[string, Made, boolean]>([
    ["all the rest by time", {}, false],
    ["a second", { window: { kind: "second" } }, true],
    ["what is before the first second", { window: { kind: "before" } }, true],
    ["a list without times", { byTime: false }, true],
  ])("goes beyond its reach only where nothing else is left: %s", (_what, made, beyond) => {
    const { course, join } = createCourse({ ...made, limits: { reach: 9, fixed: true } });
    join(ids(1, 5), more(20));
    expect(course.next(null) !== null).toBe(beyond);
  });

  it("goes beyond its reach where the order was lost before", () => {
    const { order, limits } = createCourse();
    order.stepBack(Infinity);
    const parts = { request: "GET /v1/calls", order, span: { from: null, to: 9 } } as WindowsParts<number>;
    const window: Window = { kind: "rest", from: null, to: 9, start: null, firstPage: 1, plain: true };
    const course = new Course(parts, window, { ...limits, reach: 9 });
    const first = course.next(null)!;
    course.join(
      first,
      pageOf(ids(1, 5), more(20)),
      ids(1, 5).map((id) => ({ value: id, id, time: null })),
    );
    expect(course.next(null)).toMatchObject({ page: 2 });
  });

  it.each([
    [3, 5, 10],
    [3, 4, 10],
    [4, 4, 15],
  ])("stays before a page that was refused: %i, of %i", (page, size, reach) => {
    const { course, limits, join, base } = createCourse({ byTime: false, limits: { fixed: true } });
    join(ids(1, 5), more(50));
    const refusal = new Error("too far");
    course.shorten({ base, page, size, start: 0, end: 0 }, refusal);
    expect(limits).toMatchObject({ reach, refusal });
    join(ids(6, reach), more(50, 2), { page: 2, start: 5, end: 10 });
    const at = { base, page: reach / 5, size: 5, start: 0, end: reach };
    expect(course.next(at)).toBeNull();
  });
});

describe("a page that is joined to its window", () => {
  it.each<[string, number[], object, Partial<Stride>, Partial<Limits>]>([
    ["shorter ones", ids(1, 3), more(20), {}, { size: 3, fixed: false }],
    ["longer ones", ids(1, 6), more(20), {}, { size: 6, fixed: true }],
    ["others, and is the last", ids(1, 3), last(3), {}, { size: 5, fixed: false }],
    ["such as were asked for", ids(1, 5), more(20), {}, { size: 5, fixed: false }],
  ])("tells of pages: %s", (_what, shown, meta, at, learnt) => {
    const { join, limits } = createCourse();
    expect(join(shown, meta, at)).toEqual(shown);
    expect(limits).toMatchObject(learnt);
  });

  it("tells nothing of pages where it holds none, and leads on", () => {
    const { join, limits } = createCourse();
    expect(join([], { total: 20, next_page_link: nameless })).toEqual([]);
    expect(limits).toMatchObject({ size: 5, fixed: false });
  });

  it("moves where its query begins by the size of its pages", () => {
    const { join, base } = createCourse({ window: { firstPage: 3 } });
    join(ids(1, 3), more(20, 3), { page: 3 });
    expect(base.at).toBe(-6);
  });

  it.each<[string, number[], object, Partial<Limits>, boolean]>([
    ["is as long as it was asked for", ids(5, 8), more(20, 2), {}, false],
    ["is shorter, and not the last", ids(5, 7), more(20, 2), {}, true],
    [
      "is the last, and as long as that leaves it",
      ids(5, 7),
      { total: 7, next_page_link: null, per_page: 4 },
      {},
      false,
    ],
    ["is the last, and of longer pages", ids(5, 7), { total: 7, next_page_link: null, per_page: 5 }, {}, true],
    ["is the last, and ends a little before", ids(5, 7), { ...last(9), per_page: 4 }, {}, true],
    ["is the last, and ends before its total", ids(5, 7), { total: 20, next_page_link: null, per_page: 4 }, {}, true],
    [
      "ends before its total, but at the cap",
      ids(5, 7),
      { total: 20, next_page_link: null, per_page: 4 },
      { reach: 8 },
      false,
    ],
  ])("tells of a list with pages of its own size where it %s", (_what, shown, meta, known, fixed) => {
    const { join, limits } = createCourse({ byTime: false, limits: known });
    join(ids(1, 5), more(20));
    const fresh = join(shown, meta, { page: 2, size: 4, start: 4, end: 8 });
    if (fixed) expect(fresh).toBeNull();
    expect(limits.fixed).toBe(fixed);
  });

  it("goes by the order of the list where it begins at a later second", () => {
    for (const later of [false, true]) {
      const { course, join, order, base } = createCourse();
      join(ids(1, 5), more(20));
      const { base: shifted } = course.next(null)!;
      expect(shifted).not.toBe(base);
      if (later) join(ids(5, 9), more(20), { base: shifted });
      else join(ids(5, 8), more(20, 2), { page: 2, size: 4 });
      if (later) expect(() => order.stepBack(61)).toThrow("not in the order");
      else expect(() => order.stepBack(61)).not.toThrow();
    }
  });

  it.each([
    [link(3), false],
    [nameless, false],
    [link(2), true],
    [link(1), true],
  ])("may not lead back: from the second to %s", (next_page_link, refused) => {
    const { join } = createCourse({ limits: { fixed: true } });
    join(ids(1, 5), more(20));
    const joined = () => join(ids(6, 10), { total: 20, next_page_link }, { page: 2, start: 5, end: 10 });
    if (refused) expect(joined).toThrow("one that was read before");
    else expect(joined).not.toThrow();
  });
});

it("a page that is led to may lead to any other", () => {
  const { join } = createCourse();
  join(ids(1, 5), { total: 20, next_page_link: link(3) });
  expect(join(ids(6, 10), { total: 20, next_page_link: link(1) }, { page: 2, start: 5, end: 10 })).toEqual(ids(6, 10));
});
