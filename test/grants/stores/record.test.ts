import {
  contextOf,
  longestLifeMs,
  newMark,
  newVersion,
  once,
  outcomeIn,
  twice,
} from "../../../src/grants/stores/record";

describe("the life of a record", () => {
  it("is whole milliseconds from one on, and a hundred years at most", () => {
    expect([0, -5, 0.2, 1, 1.2, 1_000].map(once)).toEqual([1, 1, 1, 1, 2, 1_000]);
    expect([longestLifeMs, longestLifeMs + 1, Infinity].map(once)).toEqual(Array(3).fill(longestLifeMs));
    expect(longestLifeMs).toBe(100 * 365.25 * 86_400_000);
  });

  it("is twice as long for a grant, and no longer than a hundred years either", () => {
    expect([0, -5, 0.2, 1, 1.2, 1_000].map(twice)).toEqual([2, 2, 2, 2, 4, 2_000]);
    expect([longestLifeMs / 2, longestLifeMs, Infinity].map(twice)).toEqual(Array(3).fill(longestLifeMs));
  });
});

describe("the version and the mark of a record", () => {
  it("are no two writes' same, and versions are whole numbers from one on", () => {
    const [versions, marks] = [Array.from({ length: 100 }, newVersion), Array.from({ length: 100 }, newMark)];
    expect([new Set(versions).size, new Set(marks).size]).toEqual([100, 100]);
    for (const version of versions) {
      expect(Number.isSafeInteger(version)).toBe(true);
      expect(version).toBeGreaterThan(0);
    }
    for (const mark of marks) expect(mark).toMatch(/^\d+$/);
  });

  it("bind a sealed grant to its id and to its write", () => {
    const contexts = [contextOf("a", "1"), contextOf("b", "1"), contextOf("a", "2"), contextOf("a 1", "")];
    expect(new Set(contexts).size).toBe(4);
  });
});

describe("the outcome of a claim, read from text", () => {
  it.each([{ grantId: "g" }, { error: "access_denied" }])("is %j as it was written", (outcome) => {
    expect(outcomeIn(JSON.stringify(outcome))).toEqual(outcome);
    expect(outcomeIn(Buffer.from(JSON.stringify(outcome)))).toEqual(outcome);
  });

  it("is the grant where there is one", () => {
    expect(outcomeIn('{"grantId":"g","error":"e","more":1}')).toEqual({ grantId: "g" });
    expect(outcomeIn('{"grantId":7,"error":"e"}')).toEqual({ error: "e" });
  });

  it.each([null, undefined, "", "{", "null", "[]", "7", "{}", '{"grantId":7}', '{"error":null}'])(
    "is none in %j",
    (text) => {
      expect(outcomeIn(text)).toBeNull();
    },
  );
});
