import { suggest } from "../../src/config/suggest";

describe("suggest", () => {
  const known = ["user", "password", "oauthClientId", "oauthClientSecret", "callbackUrl", "pkce"];

  it.each([
    ["passwrod", "password"],
    ["PASSWORD", "password"],
    ["usr", "user"],
    ["clientID", "oauthClientId"],
    ["clientSecret", "oauthClientSecret"],
    ["callbackURI", "callbackUrl"],
    ["oauthClientI", "oauthClientId"],
  ])("takes %s for %s", (name, meant) => {
    expect(suggest(name, known)).toBe(meant);
  });

  it.each(["", "x", "colour", "id", "a".repeat(1_000_000)])("guesses nothing from a name like no other", (name) => {
    expect(suggest(name, known)).toBeNull();
  });
});
