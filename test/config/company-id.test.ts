import fc from "fast-check";
import {
  companyIds,
  companyKey,
  companyNamed,
  type CompanyName,
  isCompanyKey,
  isName,
  readCompanyId,
  readCompanyName,
  requireCompanyId,
  requireCompanyName,
} from "../../src/config/company-id";
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

describe("the key of a company", () => {
  it.each<[string, CompanyName]>([
    ["id:7", 7],
    ["ref:7", { ref: "7" }],
    ["ref:a%2Fb%20c", { ref: "a/b c" }],
  ])("is %s, and says which it is", (key, company) => {
    expect([companyKey(company), companyNamed(key), isCompanyKey(key)]).toEqual([key, company, true]);
  });

  it.each(["", "7", "id:", "id:0", "id:07", "id:x", "xref:7", "my:id:7", "my:7", "ref:%", "ref:%E0%A4%A"])(
    "is not %j",
    (key) => {
      expect([companyNamed(key), isCompanyKey(key)]).toEqual([null, false]);
    },
  );
});

describe("the app's own name for a company", () => {
  it.each(["7", "a", "x".repeat(200), "\u{1F600}", "a\u{10FFFF}b"])("is %j", (ref) => {
    expect([isName(ref), readCompanyName({ ref }), requireCompanyName({ ref }, "as()")]).toEqual([
      true,
      { ref },
      { ref },
    ]);
  });

  it.each(
    ["", "x".repeat(201), "\uD800", "\uDBFFa", "a\uDC00", "\uDFFF", "\uDC00\uD800", 7, null, undefined].map((one) => [
      one,
    ]),
  )("is not %j", (ref) => {
    expect([isName(ref), readCompanyName({ ref })]).toEqual([false, null]);
    expect(refusalOf(() => requireCompanyName({ ref }, "as(company)")).message).toBe(
      "as(company): ref must be a text of 1 to 200 characters, such as a tenant's id.",
    );
  });

  it("stands where Aircall's id may stand too", () => {
    expect([7, "7", null, "x"].map(readCompanyName)).toEqual([7, 7, null, null]);
    expect(requireCompanyName("7", "as()")).toBe(7);
    for (const value of [null, "x", {}, Object.create({ ref: "7" })]) {
      expect(refusalOf(() => requireCompanyName(value, "as()")).message).toMatch(/^as\(\) is no Aircall company id/);
    }
  });
});

describe("a list of companies", () => {
  it("is each once", () => {
    expect(companyIds({ value: [7, "7", 8n], name: "only" } as never)).toEqual(new Set([7, 8]));
  });

  it.each([[[]], [7], [null], [{ length: 1, 0: 7 }]])("is not %j", (value) => {
    expect(refusalOf(() => companyIds({ value, name: "only" } as never)).message).toBe(
      "only must list at least one Aircall company id, such as [1234]; leave it out to let all in.",
    );
  });

  it("says which of them is none", () => {
    expect(refusalOf(() => companyIds({ value: [7, "x"], name: "only" } as never)).message).toMatch(
      /^only, \[1\], is no Aircall company id: .*; got /,
    );
  });
});
