import { createClockSkew } from "../../src/budget/clock-skew";

const longestMs = 60_000;

describe("the end of a window", () => {
  it("is what Aircall says and a margin of 25 ms, as long as nothing shows otherwise", () => {
    expect(createClockSkew(longestMs).endOf(10_000, 5_000)).toBe(10_025);
  });

  it("is never further away than a window is long", () => {
    expect(createClockSkew(longestMs).endOf(100_000, 5_000)).toBe(65_000);
  });

  it.each([
    ["by less than the margin: nothing", 24, 25],
    ["by the margin: so much, and a margin", 25, 50],
    ["by little: so much, and a margin", 40, 65],
    ["by more: so much, and half of it", 100, 150],
  ])("moves by as much as the clock was shown to be ahead, %s", (_what, shownMs, skewMs) => {
    const skew = createClockSkew(longestMs);
    skew.seen(1_000, 1_000 + shownMs);
    expect(skew.endOf(10_000, 5_000)).toBe(10_000 + skewMs);
  });

  it("moves no further back by a smaller one", () => {
    const skew = createClockSkew(longestMs);
    skew.seen(1_000, 1_100);
    skew.seen(1_000, 1_030);
    expect(skew.endOf(10_000, 5_000)).toBe(10_150);
  });

  it("forgets what would put it further away than two windows, and not what would put it at two", () => {
    const skew = createClockSkew(longestMs);
    skew.seen(0, 80_000);
    expect(skew.endOf(10_000, 10_000)).toBe(70_000);
    expect(skew.endOf(10_000, 129_000)).toBe(130_000);
    skew.endOf(10_001, 10_000);
    expect(skew.endOf(10_000, 9_990)).toBe(10_025);
  });
});
