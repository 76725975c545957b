import fc from "fast-check";
import { readCompanyId, requireCompanyId } from "../../src/config/company-id";
import { refusalOf } from "./refusal";

describe("an Aircall company id", () => {
  it("means the same as a number, as digits and as a bigint", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (id) => {
        expect([id, String(id), BigInt(id)].map(readCompanyId)).toEqual([id, id, id]);
      }),
    );
  });

  it.each([
    [0],
    [-0],
    [-7],
    [1.5],
    [NaN],
    [Infinity],
    [2 ** 53],
    [0n],
    [-7n],
    [2n ** 53n],
    [""],
    ["0"],
    ["07"],
    ["+7"],
    [" 7"],
    ["7\n"],
    ["1e3"],
    ["0x7"],
    ["7.0"],
    ["٧"],
    ["9007199254740992"],
    ["99999999999999999999"],
    [true],
    [null],
    [undefined],
    [[7]],
    [{ id: 7 }],
    [Object("7")],
    [Symbol("7")],
  ])("is not %p", (value) => {
    expect(readCompanyId(value)).toBeNull();
    expect(refusalOf(() => requireCompanyId(value, "as(companyId)")).message).toContain(
      "as(companyId) is no Aircall company id",
    );
  });

  it("is not the app's own tenant, and its error says so", () => {
    expect(refusalOf(() => requireCompanyId({ ref: "7" }, "clientFor(companyId)")).message).toBe(
      "clientFor(companyId) takes Aircall's own company id, such as 1234, and no tenant of yours as { ref }.",
    );
  });
});
