import { createHash } from "node:crypto";
import { indexOfToken } from "../../../src/webhooks/parse/known-tokens";

const digest = (text: string) => Promise.resolve(createHash("sha256").update(String(text)).digest());

describe("the tokens that are known", () => {
  it("have the one that was given at its place, whatever stands before it", async () => {
    expect(await indexOfToken("b", ["a", undefined, "b", "c"], digest)).toBe(2);
    expect(await indexOfToken("d", ["a", undefined, "b", "c"], digest)).toBe(-1);
  });

  it.each([
    ["", ""],
    ["undefined", undefined],
    ["null", null],
    ["7", 7],
  ])("have none for %j where one of them is %j", async (token, odd) => {
    expect(await indexOfToken(token, [odd], digest)).toBe(-1);
  });

  it("are all looked at, whichever it is", async () => {
    const asked: string[] = [];
    await indexOfToken("a", ["a", "b", "c"], (text) => (asked.push(text), digest(text)));
    expect(asked).toEqual(["a", "a", "b", "c"]);
  });
});
