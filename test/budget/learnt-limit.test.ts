import { LearntLimit } from "../../src/budget/learnt-limit";

describe("the limit that one process has learnt", () => {
  it.each([1, 60, 120, 999_999_999, 1_000_000_000, 999_999_999_999_999])(
    "is taken over by another, also where it is %i",
    (limit) => {
      const [one, other] = [new LearntLimit(120), new LearntLimit(120)];
      one.name(limit);
      expect(other.adopt(one.text()!)).toBe(true);
      expect([other.value, other.inferred, other.text()]).toEqual([limit, false, String(limit)]);
    },
  );

  it.each(["", "0", "-1", "1.5", "1e9", "12x", " 7", "1".repeat(16)])("is none where it is %j", (text) => {
    const other = new LearntLimit(120);
    expect(other.adopt(text)).toBe(false);
    expect(other.value).toBe(120);
  });
});

/** What a process tries in each of so many windows that are all answered. */
function triedIn(limit: LearntLimit, windows: number): number[] {
  return Array.from({ length: windows }, () => {
    limit.grow();
    const tried = limit.value;
    limit.windowOver();
    return tried;
  });
}

describe("the limit of a window", () => {
  it("is what was assumed until something names it, and nothing to tell others", () => {
    const limit = new LearntLimit(120);
    expect([limit.value, limit.inferred, limit.text(), limit.grow()]).toEqual([120, false, null, false]);
    expect(() => limit.windowOver()).not.toThrow();
  });

  it("is what an answer names, whatever refusals say then", () => {
    const limit = new LearntLimit(120);
    limit.infer(30);
    limit.name(60);
    limit.infer(40);
    expect([limit.value, limit.inferred, limit.text(), limit.grow()]).toEqual([60, false, "60", false]);
    limit.nameRefusing(50);
    expect([limit.value, limit.inferred, limit.text()]).toEqual([50, false, "50"]);
  });

  it("is what succeeded where only refusals tell, and tried out up to what was assumed", () => {
    const limit = new LearntLimit(34);
    limit.infer(30);
    expect([limit.value, limit.inferred, limit.text(), limit.grow()]).toEqual([30, true, "~30", false]);
    limit.windowOver();
    expect(triedIn(limit, 4)).toEqual([31, 33, 34, 34]);
  });

  it("is what a 429 names, and tried out up to it or to what was assumed", () => {
    for (const [named, tried] of [
      [33, 34],
      [36, 36],
    ] as const) {
      const limit = new LearntLimit(34);
      limit.nameRefusing(named);
      limit.infer(30);
      limit.windowOver();
      expect(triedIn(limit, 4).at(-1)).toBe(tried);
    }
    const limit = new LearntLimit(34);
    limit.nameRefusing(33);
    expect([limit.value, limit.inferred, limit.text()]).toEqual([33, true, "~33"]);
  });

  it("is what another process inferred, and no news a second time or once it was named", () => {
    const [limit, named] = [new LearntLimit(120), new LearntLimit(120)];
    expect([limit.adopt("~60"), limit.value, limit.inferred, limit.adopt("~60")]).toEqual([true, 60, true, false]);
    expect([limit.adopt("~50"), limit.value]).toEqual([true, 50]);
    named.name(60);
    expect([named.adopt("~50"), named.adopt("50"), named.value]).toEqual([false, false, 60]);
  });

  it.each(["~", "~~7", "~07", "x~7", "~7x"])("is nothing that %j could tell", (text) => {
    expect(new LearntLimit(120).adopt(text)).toBe(false);
  });
});
