import { authorizeUrl } from "../../src/oauth/authorize-url";

const config = {
  authorizeUrl: "https://dashboard.aircall.io/oauth/authorize",
  client: { id: "client 1", secret: "shh" },
  callbackUrl: "https://app.example/auth/callback?tenant=a&b=1",
  scope: "public_api",
};

const paramsOf = (href: string) => Object.fromEntries(new URL(href).searchParams);

describe("authorizeUrl", () => {
  it("asks for a code with everything Aircall needs, and nothing more", () => {
    const href = authorizeUrl(config, { state: "s+t/a=te" });

    expect(href).toMatch(/^https:\/\/dashboard\.aircall\.io\/oauth\/authorize\?/);
    expect(paramsOf(href)).toEqual({
      client_id: "client 1",
      redirect_uri: "https://app.example/auth/callback?tenant=a&b=1",
      response_type: "code",
      scope: "public_api",
      state: "s+t/a=te",
    });
  });

  it("adds the S256 challenge with PKCE", () => {
    expect(paramsOf(authorizeUrl(config, { state: "s", codeChallenge: "ch" }))).toMatchObject({
      code_challenge: "ch",
      code_challenge_method: "S256",
    });
  });

  it("keeps the parameters an authorize address already has", () => {
    const regional = { ...config, authorizeUrl: "https://login.example/authorize?region=eu&client_id=other" };

    expect(paramsOf(authorizeUrl(regional, { state: "s" }))).toMatchObject({ region: "eu", client_id: "client 1" });
  });

  it("lets an application add parameters, never replace the protocol's", () => {
    const extra = { prompt: "login", state: "forged", redirect_uri: "https://evil.example", response_type: "token" };
    const params = paramsOf(authorizeUrl(config, { state: "s", extra }));

    expect(params).toMatchObject({ prompt: "login", state: "s", response_type: "code" });
    expect(params["redirect_uri"]).toBe(config.callbackUrl);
  });

  it("never shows the client secret", () => {
    expect(authorizeUrl(config, { state: "s", codeChallenge: "ch" })).not.toContain("shh");
  });
});
