import { fields } from "../../src/config/fields";
import { sha256 } from "../../src/config/sha256";

describe("fields", () => {
  it("reads an object's own fields", () => {
    expect({ ...fields({ id: 7, name: "Amber" }) }).toEqual({ id: 7, name: "Amber" });
  });

  it.each([undefined, null, 7, "text", true, () => 7])("finds none in %p", (value) => {
    expect(Object.keys(fields(value))).toEqual([]);
  });

  it("finds nothing that a prototype adds", () => {
    const read = fields(Object.create({ code: "planted" }));
    expect([read["code"], "toString" in read, Object.getPrototypeOf(read)]).toEqual([undefined, false, null]);
  });

  it("keeps a field named __proto__ a field", () => {
    const read = fields(JSON.parse('{"__proto__":{"code":"planted"}}'));
    expect([read["code"], Object.getPrototypeOf(read)]).toEqual([undefined, null]);
  });

  it("reads nothing, rather than throw, where a getter throws", () => {
    const hostile = {
      get id() {
        throw new Error("unreadable");
      },
    };
    expect(Object.keys(fields(hostile))).toEqual([]);
  });
});

describe("sha256", () => {
  it("is base64url, as PKCE prints it", () => {
    expect(sha256("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")).toBe("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
  });
});
