import { ids } from "../support/call-history";
import { createCourse, last, more, nameless } from "../support/one-course";

describe("the end of a window", () => {
  it.each<[string, number[], object, object]>([
    ["complete where all came", ids(1, 3), last(3), { kind: "complete" }],
    ["doubtful where a few are missing", ids(1, 3), last(5), { kind: "doubtful", trace: "1,2,3", whole: false }],
    ["capped where a page's worth is missing", ids(1, 3), last(6), { kind: "capped", error: null }],
    ["capped where its page was full", ids(1, 5), last(6), { kind: "capped", error: null }],
    ["complete where all came, and fill the page", ids(1, 5), last(5), { kind: "complete" }],
    ["complete where there is nothing", [], last(0), { kind: "complete" }],
  ])("is %s", (_what, shown, meta, ending) => {
    const { course, join } = createCourse();
    join(shown, meta);
    expect(course.ending()).toEqual(ending);
  });

  it.each([
    [3, {}, "capped"],
    [4, {}, "doubtful"],
    [3, { fixed: true }, "doubtful"],
  ])("goes by how long its page says that pages are, three being on it: %i, %j, %s", (per_page, limits, kind) => {
    const { course, join } = createCourse({ limits });
    join(ids(1, 3), { ...last(5), per_page });
    expect(course.ending()).toMatchObject({ kind });
  });

  it("is capped where its last page was as full as it was asked to be", () => {
    const { course, join } = createCourse({ byTime: false });
    join(ids(1, 5), more(9));
    join(ids(5, 8), { ...last(9), per_page: 4 }, { page: 2, size: 4, start: 4, end: 8 });
    expect(course.ending()).toMatchObject({ kind: "capped" });
  });

  it("is doubtful where a few are missing behind a page that holds none", () => {
    const { course, join } = createCourse();
    join(ids(1, 5), { total: 7, next_page_link: nameless });
    join([], { ...last(7), per_page: 0 }, { page: 2, start: 5, end: 10 });
    expect(course.ending()).toMatchObject({ kind: "doubtful", whole: false });
  });

  it("is capped where its page was full in a list of its own size", () => {
    const { course, join } = createCourse({ limits: { fixed: true } });
    join(ids(1, 5), last(6));
    expect(course.ending()).toMatchObject({ kind: "capped" });
  });

  it("is complete before anything came", () => {
    expect(createCourse().course.ending()).toEqual({ kind: "complete" });
  });

  it("is doubtful, all of it, where its pages were counted", () => {
    const { course, join } = createCourse({ window: { plain: true } });
    join(ids(1, 5), more(8));
    join(ids(6, 8), last(8), { page: 2, start: 5, end: 10 });
    expect(course.ending()).toEqual({ kind: "doubtful", trace: "1,2,3,4,5,6,7,8", whole: true });
  });

  it("is complete where the only page was counted, and led to nothing", () => {
    const { course, join } = createCourse({ window: { plain: true } });
    join(ids(1, 3), last(3));
    expect(course.ending()).toEqual({ kind: "complete" });
  });

  it("is complete where its pages were led to", () => {
    const { course, join } = createCourse();
    join(ids(1, 5), { total: 8, next_page_link: nameless });
    join(ids(6, 8), last(8), { page: 2, start: 5, end: 10 });
    expect(course.ending()).toEqual({ kind: "complete" });
  });

  it("says why it is capped, and of counted pages what they brought", () => {
    for (const plain of [false, true]) {
      const refusal = new Error("too far");
      const { course, join } = createCourse({ limits: { refusal }, window: { plain } });
      join(ids(1, 5), last(20));
      expect(course.ending()).toEqual({ kind: "capped", error: refusal, ...(plain && { trace: "1,2,3,4,5" }) });
      expect(course.cutShort()).toEqual(course.ending());
    }
  });

  it("is moved where no page can show again how the one before ended", () => {
    const { course, join } = createCourse({ byTime: false });
    join([1], more(5));
    expect(course.next(null)).toBeNull();
    expect(course.cutShort()).toEqual({ kind: "moved", plain: true });
  });

  it("is capped where only its reach was in the way", () => {
    const { course, join } = createCourse({ limits: { reach: 5 } });
    join(ids(1, 5), more(20));
    expect(course.cutShort()).toMatchObject({ kind: "capped" });
  });
});

describe("the pages of a window are asked for", () => {
  const signal = new AbortController().signal;

  it("by what the window has, a page and its size", async () => {
    const { course, asked, base, join } = createCourse();
    join(ids(1, 5), more(20));
    await course.load({ base, page: 3, size: 4, start: 8, end: 12 }, signal);
    expect(asked).toEqual([{ span: base.span, page: 3, size: 4 }]);
  });

  it("by links, none of them twice", async () => {
    const { course, asked, base, join } = createCourse();
    const stride = { base, page: 2, size: 5, start: 5, end: 10 };
    join(ids(1, 5), { total: 20, next_page_link: nameless });
    await course.load(stride, signal);
    expect(asked).toEqual([]);
    await expect(course.load(stride, signal)).rejects.toThrow("one that was read before");
  });

  it("by links that lead to a page", async () => {
    const { course, base, join } = createCourse({ follow: () => Promise.resolve(null) });
    join(ids(1, 5), { total: 20, next_page_link: nameless });
    const load = course.load({ base, page: 2, size: 5, start: 5, end: 10 }, signal);
    await expect(load).rejects.toThrow("a page that was promised is not there");
  });

  it("by links, and not where there is none", async () => {
    const { course, base, join } = createCourse();
    const stride = { base, page: 2, size: 5, start: 5, end: 10 };
    join(ids(1, 5), { total: 20, next_page_link: nameless });
    join(ids(6, 10), last(20), stride);
    await expect(course.load(stride, signal)).rejects.toThrow("one that was read before");
  });
});
