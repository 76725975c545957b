import fc from "fast-check";
import { decodeGrant, encodeGrant, isGrantId, newGrantId, type Grant } from "../../src/grants/grant";
import { newGrant } from "../support/grants";

const grant: Grant = { ...newGrant(), version: 3 };

describe("decodeGrant", () => {
  it("reads what encodeGrant wrote", () => {
    expect(decodeGrant(encodeGrant(grant))).toEqual(grant);
  });

  const altered = (changes: object) => JSON.stringify({ ...(JSON.parse(encodeGrant(grant)) as object), ...changes });

  it.each([
    [null, { state: "active", refusedAt: null }],
    ["token_refused", { state: "suspended", refusedAt: grant.obtainedAt }],
    ["renewal_refused", { state: "ended", refusedAt: grant.obtainedAt }],
  ])("reads a grant of format 1 that was ended by %j, of an app that is not known", (ended, now) => {
    const {
      app: _app,
      state: _state,
      refusedAt: _refusedAt,
      ...kept
    } = JSON.parse(encodeGrant(grant)) as object & Grant;

    expect(decodeGrant(JSON.stringify({ ...kept, format: 1, ended }))).toEqual({ ...grant, ...now, app: null });
  });

  it.each([
    ["nothing", undefined],
    ["null", "null"],
    ["a number", "42"],
    ["a list", "[]"],
    ["broken JSON", encodeGrant(grant).slice(1)],
    ["an object that is no text", grant],
    ["another format", altered({ format: 3 })],
    ["no account", altered({ account: null })],
    ["an account without a name", altered({ account: { id: 1, user: null } })],
    ["a user without an id", altered({ account: { id: 1, name: null, user: { name: null, email: null } } })],
    ["an empty token", altered({ accessToken: "" })],
    ["a refresh token that is no text", altered({ refreshToken: 1 })],
    ["a moment that no date can hold", altered({ obtainedAt: 1e300 })],
    ["an expiry in words", altered({ expiresAt: "tomorrow" })],
    ["a version that is no count", altered({ version: 1.5 })],
    ["a state nobody knows", altered({ state: "bored" })],
    ["everything under __proto__", `{"__proto__":${encodeGrant(grant)}}`],
  ])("takes %s for no grant", (_what, text) => {
    expect(decodeGrant(text)).toBeNull();
  });

  it("throws for nothing that could stand in a store", () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.json(), fc.string()), (value) => void decodeGrant(value)),
      { numRuns: 1_000 },
    );
  });
});

describe("newGrantId", () => {
  it("is 24 random bytes that fit every store's keys", () => {
    expect(newGrantId(() => Buffer.alloc(24, 255))).toBe("_".repeat(32));
    expect(isGrantId(newGrantId())).toBe(true);
    expect(newGrantId()).not.toBe(newGrantId());
  });

  it.each([["x".repeat(31)], ["x".repeat(33)], ["x".repeat(31) + "\n"], ["x".repeat(31) + "/"], [null], [["x"]]])(
    "is not %j",
    (value) => {
      expect(isGrantId(value)).toBe(false);
    },
  );
});
