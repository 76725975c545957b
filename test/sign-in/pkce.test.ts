import { doors } from "../support/apps/doors";
import { callbackPath, useSignInApps } from "../support/apps/sign-in-app";

const start = useSignInApps();

/** The authorize address with some of its parameters changed or, when null, taken away. */
function changed(address: string, changes: Record<string, string | null>): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return url.href;
}

describe.each(doors)("PKCE by %s (RFC 7636, section 4)", (_door, wire) => {
  it("sends a fresh S256 challenge with each attempt, whose verifier the server accepts", async () => {
    const app = await start((express, settings) => wire(express, { ...settings, pkce: true }));
    const visitor = app.visitor();
    const sent = [await visitor.visit("/auth/aircall"), await visitor.visit("/auth/aircall")].map(
      ({ location }) => new URL(location).searchParams,
    );

    expect(sent.map((query) => query.get("code_challenge_method"))).toEqual(["S256", "S256"]);
    expect(new Set(sent.map((query) => query.get("code_challenge"))).size).toBe(2);
    expect(sent[0]?.get("code_challenge")).toMatch(/^[\w-]{43}$/);
    expect((await app.signIn(visitor)).status).toBe(302);
  });

  it("fails where the challenge was another's", async () => {
    const app = await start((express, settings) => wire(express, { ...settings, pkce: true }));
    const visitor = app.visitor();
    const { location } = await visitor.visit("/auth/aircall");
    const callback = app.simulator.consent(changed(location, { code_challenge: "x".repeat(43) }));

    expect((await visitor.visit(callback)).status).toBe(502);
    expect(await app.stored()).toEqual({ sessions: 0, records: 0 });
  });

  it("fails for a code that came of an attempt with PKCE, in an attempt without", async () => {
    const app = await start(wire);
    const visitor = app.visitor();
    const { location } = await visitor.visit("/auth/aircall");
    const challenged = changed(location, { code_challenge: "x".repeat(43), code_challenge_method: "S256" });
    expect((await visitor.visit(app.simulator.consent(challenged))).status).toBe(502);
  });

  it("cannot be talked down to the plain method", async () => {
    const app = await start((express, settings) => wire(express, { ...settings, pkce: true }));
    const { location } = await app
      .visitor()
      .visit("/auth/aircall?code_challenge_method=plain&code_challenge=x&pkce=false");
    const query = new URL(location).searchParams;
    expect(query.getAll("code_challenge_method")).toEqual(["S256"]);
    expect(query.getAll("code_challenge")).toEqual([expect.stringMatching(/^[\w-]{43}$/)]);
  });

  it("is off unless asked for", async () => {
    const app = await start(wire);
    const { location } = await app.visitor().visit("/auth/aircall");
    expect(location).not.toContain("code_challenge");
  });
});

describe.each(doors)("iss by %s (RFC 9207, section 2.4)", (_door, wire) => {
  const issuer = "https://dashboard.aircall.io";

  it("signs in when it is the configured issuer", async () => {
    const app = await start((express, settings) => wire(express, { ...settings, issuer }), { simulator: { issuer } });
    expect((await app.signIn(app.visitor())).status).toBe(302);
  });

  it.each([
    ["absent", undefined],
    ["another", "https://evil.example"],
    ["one slash more", `${issuer}/`],
    ["in other letters", issuer.toUpperCase()],
  ])("is refused before a code is sent when it is %s", async (_how, sent) => {
    const simulator = sent === undefined ? {} : { issuer: sent };
    const app = await start((express, settings) => wire(express, { ...settings, issuer }), { simulator });

    expect((await app.signIn(app.visitor())).status).toBe(400);

    expect(app.simulator.counts.tokenRequests).toBe(0);
    expect(await app.stored()).toEqual({ sessions: 0, records: 0 });
  });

  it("is asked of an error answer too", async () => {
    const app = await start((express, settings) => wire(express, { ...settings, issuer }));
    const visitor = app.visitor();
    const { location } = await visitor.visit("/auth/aircall");
    const state = new URL(location).searchParams.get("state");
    expect((await visitor.visit(`${callbackPath}?error=access_denied&state=${state}`)).status).toBe(400);
  });

  it("is ignored by those who configured none", async () => {
    const app = await start(wire, { simulator: { issuer } });
    expect((await app.signIn(app.visitor())).status).toBe(302);
  });
});

describe.each(doors)("the token request by %s", (_door, wire) => {
  it.each<[string, object, number]>([
    ["a refusal (RFC 6749, section 5.2)", { status: 400, body: { error: "invalid_grant" } }, 502],
    ["an answer without a token (section 5.1)", { status: 200, body: { token_type: "Bearer" } }, 502],
    ["an error with status 200", { status: 200, body: { error: "invalid_client" } }, 502],
    ["a page", { status: 200, body: "<html>access_token=abc</html>" }, 502],
    ["a redirect", { status: 302, body: "elsewhere" }, 502],
    ["a broken connection", { reset: "before" }, 502],
  ])("that ends in %s signs nobody in, and says nothing of the code", async (_what, fault, expected) => {
    const app = await start(wire);
    const visitor = app.visitor();
    const callback = await app.consent(visitor);
    app.simulator.fail({ match: { path: "/v1/oauth/token" }, ...fault });

    const { status, text } = await visitor.visit(callback);

    expect(status).toBe(expected);
    expect(text).not.toContain(new URL(callback, app.origin).searchParams.get("code"));
    expect(await app.stored()).toEqual({ sessions: 0, records: 0 });
  });

  it("leaves nothing behind when the company cannot be read", async () => {
    const app = await start(wire);
    app.simulator.fail({ match: { path: "/v1/integrations/me" }, status: 403 });
    const { status, text } = await app.signIn(app.visitor());
    expect([status, JSON.parse(text).code]).toEqual([502, "sign_in_profile"]);
    expect(await app.stored()).toEqual({ sessions: 0, records: 0 });
  });
});
