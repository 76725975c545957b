import fc from "fast-check";
import {
  credentialOf,
  decodeGrant,
  encodeGrant,
  type Grant,
  isGrantId,
  newGrantId,
  ownerOf,
} from "../../src/grants/grant";
import { newGrant } from "../support/grants";

const grant: Grant = { ...newGrant(), version: 3 };

describe("decodeGrant", () => {
  it.each<[string, Partial<Grant>]>([
    ["of a consent", {}],
    ["of a company that the app named", { ref: "tenant 7", app: "app-1" }],
    ["of a key", { apiId: "api-id", refreshToken: null, expiresAt: null }],
    ["that is suspended", { state: "suspended", refusedAt: new Date(5) }],
    ["that has ended", { state: "ended", refusedAt: new Date(8.64e15) }],
    ["without a company", { account: { id: null, name: null, user: null } }],
    ["of somebody without a name", { account: { id: 0, name: "", user: { id: 0, name: null, email: null } } }],
    ["from before 1970", { obtainedAt: new Date(-8.64e15), connectedAt: new Date(-1), version: 0 }],
  ])("reads what encodeGrant wrote: one %s", (_what, changes) => {
    const kept = { ...grant, ...changes };
    expect(decodeGrant(encodeGrant(kept))).toEqual(kept);
  });

  it("says nothing of names that a grant has not", () => {
    expect(Object.keys(JSON.parse(encodeGrant(grant)) as object)).not.toEqual(expect.arrayContaining(["ref"]));
    expect(encodeGrant(grant)).not.toContain("apiId");
  });

  it("takes a grant from before its beginning was kept for one that began with its token", () => {
    const { connectedAt: _, ...kept } = JSON.parse(encodeGrant(grant)) as object & Grant;
    expect(decodeGrant(JSON.stringify(kept))).toEqual({ ...grant, connectedAt: grant.obtainedAt });
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
    ["a version that is no number", altered({ version: "1" })],
    ["a version below none", altered({ version: -1 })],
    ["an app that is no text", altered({ app: 1 })],
    ["a ref that is no text", altered({ ref: 1 })],
    ["an API ID that is no text", altered({ apiId: 1 })],
    ["a token that is no text", altered({ accessToken: 1 })],
    ["a beginning in words", altered({ connectedAt: "yesterday" })],
    ["a beginning in digits", altered({ connectedAt: "5" })],
    ["a beginning that no date can hold", altered({ connectedAt: -8.65e15 })],
    ["a refusal in words", altered({ refusedAt: "today" })],
    ["a company whose id is no count", altered({ account: { id: 1.5, name: null, user: null } })],
    ["a company whose id is missing", altered({ account: { name: null, user: null } })],
    [
      "a user whose name is no text",
      altered({ account: { id: 1, name: null, user: { id: 1, name: 1, email: null } } }),
    ],
    [
      "a user whose address is no text",
      altered({ account: { id: 1, name: null, user: { id: 1, name: null, email: 1 } } }),
    ],
    ["a user that is none", altered({ account: { id: 1, name: null } })],
    ["an object of text", { toString: () => encodeGrant(grant) }],
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

describe("what a grant is sent with", () => {
  const { accessToken: secret } = grant;

  it("is its token, or the key that it is", () => {
    expect(credentialOf(grant)).toEqual({ authorization: `Bearer ${secret}`, secret });
    const authorization = `Basic ${Buffer.from(`api-id:${secret}`).toString("base64")}`;
    expect(credentialOf({ ...grant, apiId: "api-id" })).toEqual({ authorization, secret });
  });

  it("is counted for its company, else for itself or its key", () => {
    const nobody = { id: null, name: null, user: null };
    expect(ownerOf("g", grant)).toEqual({ grant: "g:3", budget: "company:7", companyId: 7, companyRef: null });
    expect(ownerOf("g", { ...grant, account: nobody, ref: "tenant" })).toEqual({
      grant: "g:3",
      budget: "grant:g",
      companyId: null,
      companyRef: "tenant",
    });
    const byKey = ["one", "one", "other"].map((apiId) => ownerOf(apiId, { ...grant, apiId, account: nobody }).budget);
    expect(byKey[0]).toMatch(/^credential:[0-9a-z_-]{22}$/i);
    expect([byKey[0] === byKey[1], byKey[0] === byKey[2]]).toEqual([true, false]);
    expect(ownerOf("g", { ...grant, apiId: "one" }).budget).toBe("company:7");
  });
});

describe("newGrantId", () => {
  it("is 24 random bytes that fit every store's keys", () => {
    expect(newGrantId(() => Buffer.alloc(24, 255))).toBe("_".repeat(32));
    expect(isGrantId(newGrantId())).toBe(true);
    expect(newGrantId()).not.toBe(newGrantId());
  });

  it.each([
    ["x".repeat(31)],
    ["x".repeat(33)],
    ["x".repeat(31) + "\n"],
    ["x".repeat(31) + "/"],
    ["\n" + "x".repeat(32)],
    [null],
    [["x".repeat(32)]],
  ])("is not %j", (value) => {
    expect(isGrantId(value)).toBe(false);
  });
});
