import { propertyOf } from "../../src/errors/property";

describe("propertyOf", () => {
  it("reads what is not enumerable, and what a class gives", () => {
    const error = new TypeError("fetch failed", { cause: "refused" });
    expect([propertyOf(error, "cause"), propertyOf(error, "name")]).toEqual(["refused", "TypeError"]);
  });

  it.each([undefined, null, 7, "text"])("finds nothing in %p", (value) => {
    expect(propertyOf(value, "length")).toBeUndefined();
  });
});
