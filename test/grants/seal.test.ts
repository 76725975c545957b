import { createSeal } from "../../src/grants/seal";

describe("a seal", () => {
  it("opens what it closed, and nothing of it is shown", () => {
    const seal = createSeal("a secret", "grants");
    for (const text of ["", "a", "téxt 中"]) {
      const closed = seal.close(text, "here");
      expect(closed).toMatch(/^[\w-]{38,}$/);
      expect(seal.open(closed, "here")).toBe(text);
    }
  });

  it("opens neither elsewhere nor with another secret or purpose", () => {
    const closed = createSeal("a secret", "grants").close("text", "here");
    expect(createSeal("a secret", "grants").open(closed, "there")).toBeNull();
    expect(createSeal("another", "grants").open(closed, "here")).toBeNull();
    expect(createSeal("a secret", "cookies").open(closed, "here")).toBeNull();
  });

  it("takes twelve random bytes each time, and puts them in front", () => {
    const seal = createSeal("a secret", "grants", { randomBytes: (size) => Buffer.alloc(size, size) });
    expect(Buffer.from(seal.close("text", "here"), "base64url").subarray(0, 13).toString("hex")).toMatch(/^(0c){12}/);
    expect(Buffer.from(seal.close("text", "here"), "base64url")).toHaveLength(12 + 16 + 4);
  });

  it("closes as it always did, so that what was kept before an upgrade opens after it", () => {
    const seal = createSeal("a secret", "grants", { randomBytes: (size) => Buffer.alloc(size) });
    expect(seal.close("téxt", "here")).toBe("AAAAAAAAAAAAAAAANoRqEQBdzGafbl-fmYPG27hxL4Dx");
  });

  it("opens nothing that is too short, or written in another way", () => {
    const seal = createSeal("a secret", "grants");
    const closed = seal.close("text", "here");
    for (const length of [0, 1, 37]) expect(seal.open(closed.slice(0, length), "here")).toBeNull();
    expect([`${closed}=`, ` ${closed}`, `${closed}.`].map((other) => seal.open(other, "here"))).toEqual([
      null,
      null,
      null,
    ]);
  });
});
