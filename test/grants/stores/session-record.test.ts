import { leadsTo, readGrantRecord, sealedWith } from "../../../src/grants/stores/session-record";

const at = 1_000;
const record = { grant: "text", endsAt: at + 1, links: null };

describe("the record of a grant among sessions", () => {
  it.each([
    [{ grant: "text", endsAt: at + 1 }, record],
    [{ grant: "text", endsAt: at + 1, links: null }, record],
    [
      { grant: "text", endsAt: at + 1, links: [] },
      { ...record, links: [] },
    ],
    [
      { grant: "text", endsAt: at + 1, links: ["a", "b"], more: 7 },
      { ...record, links: ["a", "b"] },
    ],
    [
      { grant: "text", endsAt: at + 1, lifeMs: 5 },
      { ...record, lifeMs: 5 },
    ],
    [{ grant: "text", endsAt: at + 1, lifeMs: "5" }, record],
  ])("is read from %j", (kept, expected) => {
    expect(readGrantRecord(kept, at)).toStrictEqual(expected);
  });

  it.each([
    undefined,
    null,
    "text",
    { ...record, grant: 7 },
    { ...record, endsAt: String(at + 1) },
    { ...record, endsAt: at },
    { ...record, endsAt: at - 1 },
    { ...record, links: "a" },
    { ...record, links: { 0: "a" } },
    { ...record, links: ["a", 7] },
    { ...record, links: [7, "a"] },
  ])("is none in %j", (kept) => {
    expect(readGrantRecord(kept, at)).toBeNull();
  });

  it("is sealed for its id, its end and its links, so that none can be exchanged", () => {
    const forms = [
      sealedWith("g", { endsAt: 5, links: null }),
      sealedWith("h", { endsAt: 5, links: null }),
      sealedWith("g", { endsAt: 6, links: null }),
      sealedWith("g", { endsAt: 5, links: [] }),
      sealedWith("g", { endsAt: 5, links: ["a"] }),
      sealedWith("g", { endsAt: 5, links: ["a", "b"] }),
      sealedWith("g", { endsAt: 5, links: ["ab"] }),
    ];
    expect(new Set(forms).size).toBe(forms.length);
  });

  it("opens as it was sealed before there were links, and in every version since", () => {
    expect(sealedWith("g", { endsAt: 5, links: null, lifeMs: 3 })).toBe("g 3 5");
    expect(sealedWith("g", { endsAt: 5, links: null })).toBe("g 5 -");
    expect(sealedWith("g", { endsAt: 5, links: ["a", "b"] })).toBe("g 5 a b");
  });
});

describe("a link among sessions", () => {
  it("leads to the grant that it names, until it ends", () => {
    expect(leadsTo("g", { to: "g", endsAt: at + 1 }, at)).toBe(true);
    for (const kept of [
      { to: "h", endsAt: at + 1 },
      { to: "g", endsAt: at },
      { to: "g", endsAt: String(at + 1) },
      { to: "g" },
      null,
    ]) {
      expect(leadsTo("g", kept, at)).toBe(false);
    }
  });
});
