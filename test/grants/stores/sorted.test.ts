import { firstBehind } from "../../../src/grants/stores/sorted";

describe("the first text behind another, in a sorted list", () => {
  it.each([1, 2, 3, 4, 5, 8])("stands where as many are before it or equal to it, in a list of %i", (length) => {
    const sorted = Array.from({ length }, (_, at) => String.fromCharCode(98 + 2 * at));
    for (const text of ["", "a", ...sorted, ...sorted.map((each) => `${each}!`), "zz"]) {
      expect(firstBehind(sorted, text)).toBe(sorted.filter((each) => each <= text).length);
    }
  });

  it("stands behind all that are equal", () => {
    expect(firstBehind(["a", "b", "b", "b", "c"], "b")).toBe(4);
    expect(firstBehind([], "b")).toBe(0);
  });
});
