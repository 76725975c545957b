import {
  type OAuthErrorCode,
  readOAuthError,
  refusalOf,
  timedOut,
  TokenRefusal,
  unreachable,
} from "../../src/oauth/token-refusal";

const way = { server: "https://tokens.example", proxy: null };

describe("a refusal of the token endpoint", () => {
  it.each<[number, OAuthErrorCode | null, Partial<TokenRefusal>]>([
    [200, null, { kind: "malformed", lost: true, message: "the token endpoint's answer holds no usable token (200)." }],
    [299, null, { kind: "malformed", lost: true }],
    [
      300,
      null,
      { kind: "malformed", lost: false, message: "the token endpoint redirects (300), which is not followed." },
    ],
    [399, null, { kind: "malformed", lost: false }],
    [
      200,
      "invalid_grant",
      { kind: "refused", lost: false, message: "the token endpoint refused (200 invalid_grant)." },
    ],
    [400, null, { kind: "refused", lost: false, message: "the token endpoint refused (400)." }],
    [401, "invalid_grant", { message: "the token endpoint refused (401 invalid_grant)." }],
    [408, null, { kind: "unavailable", lost: false, message: "the token endpoint is busy (408)." }],
    [429, "invalid_grant", { kind: "unavailable", lost: false }],
    [499, null, { kind: "refused", lost: false }],
    [500, null, { kind: "unavailable", lost: true, message: "the token endpoint failed (500)." }],
    [503, "invalid_grant", { kind: "unavailable", lost: true }],
  ])("says what a %i with %s amounts to", (status, oauthError, facts) => {
    expect(refusalOf(status, oauthError)).toMatchObject({ name: "TokenRefusal", status, oauthError, ...facts });
  });

  it.each([
    [400, "invalid_client"],
    [401, "invalid_client"],
    [401, null],
  ] as const)("says which options to check where the client is unknown: %i %s", (status, oauthError) => {
    expect(refusalOf(status, oauthError).message).toMatch(
      /^the token endpoint refused \(.*\)\. Aircall does not know this client: check OAuthClientSecret .*, then OAuthClientId\.$/,
    );
  });

  it("names the codes of RFC 6749 only, and none that is inherited", () => {
    const codes = ["invalid_request", "invalid_client", "invalid_grant"];
    codes.push("unauthorized_client", "unsupported_grant_type", "invalid_scope");
    expect(codes.map((error) => readOAuthError({ error }))).toEqual(codes);
    expect([{}, { error: "made_up" }, { error: "" }, { error: ["invalid_grant"] }].map(readOAuthError)).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(readOAuthError(Object.create({ error: "invalid_grant" }) as object as Record<string, unknown>)).toBeNull();
  });
});

describe("no answer of the token endpoint", () => {
  it("may have been one with tokens, where it came too late", () => {
    expect(timedOut(15_000)).toMatchObject({
      message: "the token endpoint did not answer within 15 s.",
      ...{ kind: "unavailable", status: null, oauthError: null, lost: true },
    });
  });

  it.each(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT"])(
    "was none with tokens where nothing was sent: %s",
    (code) => {
      expect(unreachable({ code }, way)).toMatchObject({ kind: "unavailable", lost: false });
      expect(unreachable({ cause: { code } }, way)).toMatchObject({
        message: expect.stringMatching(new RegExp(`^the token endpoint at .* could not be reached \\(${code}\\)\\.$`)),
        lost: false,
      });
    },
  );

  it.each([
    ["a code that is known", { code: "ECONNRESET" }, " (ECONNRESET)"],
    ["none", {}, ""],
    ["one that is no text", { code: 7 }, ""],
    ["one in a list", { code: ["ECONNRESET"] }, ""],
    ["one with more before it", { code: "a secret ECONNREFUSED" }, ""],
    ["one with more behind it", { code: "ECONNREFUSED: a secret" }, ""],
    ["one that is too short", { code: "EX" }, ""],
    ["one as short as codes are", { code: "EXA" }, " (EXA)"],
    ["one that is too long", { code: `E${"X".repeat(41)}` }, ""],
  ])("shows no other text than a code: %s", (_what, error, shown) => {
    const refusal = unreachable(error, way);
    expect(refusal.message.endsWith(`could not be reached${shown}.`)).toBe(true);
    expect(refusal.lost).toBe(true);
  });
});
