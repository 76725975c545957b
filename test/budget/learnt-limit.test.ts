import { LearntLimit } from "../../src/budget/learnt-limit";

describe("the limit that one process has learnt", () => {
  it.each([1, 60, 120, 999_999_999, 1_000_000_000, 999_999_999_999_999])(
    "is taken over by another, also where it is %i",
    (limit) => {
      const [one, other] = [new LearntLimit(120), new LearntLimit(120)];
      one.name(limit);
      expect(other.adopt(one.text()!)).toBe(true);
      expect(other.value).toBe(limit);
    },
  );

  it.each(["", "0", "-1", "1.5", "1e9", "12x", " 7", "1".repeat(16)])("is none where it is %j", (text) => {
    const other = new LearntLimit(120);
    expect(other.adopt(text)).toBe(false);
    expect(other.value).toBe(120);
  });
});
