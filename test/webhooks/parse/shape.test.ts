import { requirePlainBytes, requirePlainValue } from "../../../src/webhooks/parse/shape";

const refusal = { code: "webhook_body", message: expect.stringMatching(/nested too deeply, or has too many parts\.$/) };
const bytes = (text: string) => () => requirePlainBytes(new TextEncoder().encode(text));
const nested = (levels: number, open: string, close: string) => open.repeat(levels) + close.repeat(levels);

function complaint(look: () => void): unknown {
  try {
    return look();
  } catch (error) {
    return error;
  }
}

describe("bytes of JSON", () => {
  it.each([
    ["64 lists in each other", nested(64, "[", "]")],
    ["64 objects in each other", nested(64, "{", "}")],
    ["lists one after the other", "[]".repeat(20_000)],
    ["objects one after the other", "{}".repeat(20_000)],
    ["40,000 commas", ",".repeat(40_000)],
    ["marks within a text", `"${"[".repeat(50_000)}"`],
    ["marks behind an escaped quote", `"\\"${"[".repeat(50_000)}"`],
    ["other signs, however many", "1:".repeat(50_000)],
  ])("may be %s", (_what, text) => {
    expect(complaint(bytes(text))).toBeUndefined();
  });

  it.each([
    ["65 lists in each other", nested(65, "[", "]")],
    ["65 objects in each other", nested(65, "{", "}")],
    ["a mark more than 40,000", `${"[]".repeat(20_000)},`],
    ["marks behind a text", `"a"${"[".repeat(65)}`],
    ["marks behind an escaped backslash", `"\\\\"${"[".repeat(65)}`],
  ])("may not be %s", (_what, text) => {
    expect(complaint(bytes(text))).toMatchObject(refusal);
  });
});

const deep = (levels: number): unknown => (levels === 0 ? null : [deep(levels - 1)]);
const ones = (count: number) => Array.from({ length: count }, () => 1);

describe("a value and its bytes", () => {
  it.each<[string, unknown, "plain" | "complex"]>([
    ["39,999 numbers", ones(39_999), "plain"],
    ["40,000 numbers", ones(40_000), "complex"],
    ["39,999 properties", Object.fromEntries(Object.entries(ones(39_999))), "plain"],
    ["40,000 properties", Object.fromEntries(Object.entries(ones(40_000))), "complex"],
    ["10,000 people of three properties", ones(9_999).map((id) => ({ id, name: "Ada", email: "" })), "complex"],
    ["7,999 people of three properties", ones(7_999).map((id) => ({ id, name: "Ada", email: "" })), "plain"],
    ["64 levels", deep(64), "plain"],
    ["65 levels", deep(65), "complex"],
  ])("are judged alike: %s", (_what, value, expected) => {
    const seen = [() => requirePlainValue(value), bytes(JSON.stringify(value))].map((look) => complaint(look));
    const judged = expected === "plain" ? undefined : expect.objectContaining(refusal);
    expect(seen).toEqual([judged, judged]);
  });
});

describe("a value that somebody else parsed", () => {
  it.each([
    ["nothing", undefined],
    ["64 levels, with null inside", deep(64)],
    ["39,999 parts in one list", ones(39_999)],
    ["39,995 parts in two lists", [ones(19_997), ones(19_998)]],
    ["a long text", ["x".repeat(50_000)]],
  ])("may be %s", (_what, value) => {
    expect(complaint(() => requirePlainValue(value))).toBeUndefined();
  });

  it.each([
    ["65 levels", deep(65)],
    ["40,000 parts in one list", ones(40_000)],
    ["39,996 parts in two lists", [ones(19_998), ones(19_998)]],
  ])("may not be %s", (_what, value) => {
    expect(complaint(() => requirePlainValue(value))).toMatchObject(refusal);
  });
});
