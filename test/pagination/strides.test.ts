import { type Base, nextStride } from "../../src/pagination/strides";

const base = (at: number): Base => ({ span: { from: null, to: null }, at });
const whole = base(0);

/** The next page after the first so many, of 10 each, and where it begins and ends. */
function next(course: Partial<Parameters<typeof nextStride>[0]>) {
  const stride = nextStride({ whole, shifted: [], end: 10, size: 10, reach: 10_000, ...course });
  return stride && { page: stride.page, size: stride.size, start: stride.start, end: stride.end };
}

describe("the next page of a list", () => {
  it("shows again the last two of the page before, and reaches furthest of those that do", () => {
    expect(next({ end: 10 })).toEqual({ page: 2, size: 8, start: 8, end: 16 });
    expect(next({ end: 20 })).toEqual({ page: 3, size: 9, start: 18, end: 27 });
    expect(next({ end: 96, size: 50 })).toEqual({ page: 3, size: 47, start: 94, end: 141 });
    expect(next({ end: 50, size: 50 })).toEqual({ page: 2, size: 48, start: 48, end: 96 });
  });

  it("shows again the last one, where pages have fewer than ten", () => {
    expect(next({ end: 9, size: 9 })).toEqual({ page: 2, size: 8, start: 8, end: 16 });
    expect(next({ end: 3, size: 3 })).toEqual({ page: 2, size: 2, start: 2, end: 4 });
  });

  it("is one of a later query where that reaches further", () => {
    const later = base(8);
    const stride = nextStride({ whole, shifted: [later], end: 10, size: 10, reach: 10_000 });
    expect(stride).toEqual({ base: later, page: 1, size: 10, start: 8, end: 18 });
    expect(next({ shifted: [base(9)] })).toEqual({ page: 2, size: 8, start: 8, end: 16 });
  });

  it("is a second page, or a later one, where a first one reaches no further", () => {
    const [former, newest] = [base(8), base(18)];
    for (const shifted of [
      [former, newest],
      [newest, former],
    ]) {
      const stride = nextStride({ whole, shifted, end: 20, size: 10, reach: 10_000 });
      expect(stride).toEqual({ base: former, page: 2, size: 10, start: 18, end: 28 });
    }
  });

  it("is that of the first of two queries that begin alike", () => {
    const [one, other] = [base(8), base(8)];
    expect(nextStride({ whole, shifted: [one, other], end: 10, size: 10, reach: 10_000 })!.base).toBe(one);
  });

  it("is none beyond what can be paged through", () => {
    expect(next({ end: 20, reach: 27 })).toEqual({ page: 3, size: 9, start: 18, end: 27 });
    expect(next({ end: 20, reach: 26 })).toEqual({ page: 3, size: 8, start: 16, end: 24 });
    expect(next({ end: 20, reach: 20 })).toBeNull();
  });

  it("is none where no page overlaps and goes on", () => {
    expect(next({ end: 1, size: 1 })).toBeNull();
    expect(next({ whole: base(30), end: 20 })).toBeNull();
  });
});
