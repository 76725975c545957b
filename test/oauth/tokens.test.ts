import { readTokens } from "../../src/oauth/tokens";

const receivedAt = Date.parse("2026-11-23T10:00:00Z");
const read = (answer: object) => readTokens(answer as Record<string, unknown>, receivedAt);

describe("readTokens", () => {
  it("reads the answer Aircall gives today: a token without an end", () => {
    expect(read({ access_token: "9f2c0a", token_type: "Bearer", created_at: 1_790_000_000 })).toEqual({
      accessToken: "9f2c0a",
      refreshToken: null,
      expiresAt: null,
      obtainedAt: new Date(receivedAt),
    });
  });

  it("counts a life from our own receipt, whatever the server says of its clock", () => {
    const tokens = read({ access_token: "a", expires_in: 7200, refresh_token: "r 1", created_at: 1 });

    expect(tokens).toMatchObject({ refreshToken: "r 1", expiresAt: new Date("2026-11-23T12:00:00Z") });
  });

  it.each([
    ["absent", undefined, null],
    ["null", null, null],
    ["a number", 3600, 3600],
    ["digits in a string", "3600", 3600],
    ["zero", 0, null],
    ["below zero", -1, null],
    ["NaN", NaN, null],
    ["text", "soon", null],
    ["an exponent in a string", "1e3", null],
    ["an empty string", "", null],
    ["milliseconds by mistake", 1e12, null],
    ["ten years", 315_360_000, 315_360_000],
    ["a second more than ten years", 315_360_001, null],
    ["digits in a list", ["3600"], null],
    ["no number at all", { seconds: 5 }, null],
  ])("takes expires_in that is %s for what it is worth", (_what, expires_in, seconds) => {
    const expiresAt = seconds === null ? null : new Date(receivedAt + seconds * 1000);

    expect(read({ access_token: "a", expires_in })).toMatchObject({ expiresAt });
  });

  it.each([
    ["no token", {}],
    ["an empty token", { access_token: "" }],
    ["a number for a token", { access_token: 42 }],
    ["an object for a token", { access_token: { value: "a" } }],
    ["a line break in the token", { access_token: "a\r\nX-Admin: 1" }],
    ["a blank in the token", { access_token: "a b" }],
    ["a letter outside ASCII", { access_token: "é" }],
    ["another token type", { access_token: "a", token_type: "mac" }],
    ["an odd token type", { access_token: "a", token_type: 1 }],
    ["an inherited token", Object.create({ access_token: "a" }) as object],
    ["a token under __proto__", JSON.parse('{"__proto__":{"access_token":"a"}}') as object],
  ])("finds no tokens in an answer with %s", (_what, answer) => {
    expect(read(answer)).toBeNull();
  });

  it.each(["Bearer", "bearer", "BEARER", null])("accepts the token type %s", (token_type) => {
    expect(read({ access_token: "a", token_type })).not.toBeNull();
  });

  it.each([[""], [7], [{}], [null], ["r\n"], ["\nr"]])(
    "takes a refresh token that could not be sent (%j) for none",
    (odd) => {
      expect(read({ access_token: "a", refresh_token: odd })).toMatchObject({ refreshToken: null });
    },
  );
});
