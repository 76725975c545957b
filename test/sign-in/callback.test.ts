import express, { type Request } from "express";
import type { SignInError } from "../../src/errors/errors";
import { isCallback, readCallback } from "../../src/sign-in/callback";
import { doors, wirePassport, wireRoutes } from "../support/apps/doors";
import { signInConfig } from "../support/apps/sign-in-config";
import { callbackPath, useSignInApps, type SignInApp } from "../support/apps/sign-in-app";
import type { Visitor } from "../support/browser/visitor";

const start = useSignInApps();

/** Somebody on their way: they have begun to sign in, and this is their state. */
async function underWay(app: SignInApp): Promise<{ visitor: Visitor; state: string }> {
  const visitor = app.visitor();
  const { location } = await visitor.visit("/auth/aircall");
  return { visitor, state: String(new URL(location).searchParams.get("state")) };
}

/** Everything an address may hold that no authorization server sends. `S` stands for a state that is valid. */
const shapes = [
  "",
  "?",
  "?state=S",
  "?code=",
  "?code=&state=S",
  "?error=",
  "?error=&state=S",
  "?code",
  "?code&state=S",
  "?code=a&error=access_denied&state=S",
  "?code=a&error=&state=S",
  "?code=a&code=b&state=S",
  "?code=a&code=a&state=S",
  "?code=a&state=S&state=S",
  "?code=a&state=S&state=other",
  "?code=a&state=other&state=S",
  "?error=access_denied&error=server_error&state=S",
  "?code=a&state=S&iss=one&iss=two",
  "?code[]=a&state=S",
  "?code[0]=a&state=S",
  "?code[a]=b&state=S",
  "?code%5B%5D=a&state=S",
  "?code=a&state[]=S",
  "?code=a&state[0]=S",
  "?code=a&state[toString]=S",
  "?error[]=access_denied&state=S",
  "?code=a&code[]=b&state=S",
  "?code=a&iss[]=x&state=S",
  "?code[__proto__]=a&state=S",
  "?__proto__[code]=a&state=S",
  "?code=%00&state=S",
  "?code=a%0d%0ab&state=S",
  "?code=%F0%9F%93%9E&state=S",
  `?code=${"a".repeat(2_049)}&state=S`,
  "?Code=a&State=S",
  "?code=a&state=",
  "?code=a",
  "?error=access_denied",
  "?code=a;state=S",
  "?%",
];

/** What makes it none, or the code of the refusal where it lacks a state. */
function refusalOf(query: string): string {
  try {
    return JSON.stringify(readCallback(`/cb${query}`));
  } catch (error) {
    const { code, message } = error as SignInError;
    return code === "sign_in_callback" ? message.replace(/^.*?: (.*)\. Begin .*$/, "$1") : code;
  }
}

describe("an answer from an authorization server", () => {
  it("is a code or an error, with its state, and perhaps its issuer", () => {
    const none = { code: null, error: null, iss: null };
    expect(readCallback("/cb?code=a%20~&state=s")).toEqual({ ...none, state: "s", code: "a ~" });
    expect(readCallback("/cb?error=access_denied&state=s&iss=i&other=1&other=2")).toEqual({
      ...{ state: "s", code: null, error: "access_denied", iss: "i" },
    });
    expect(readCallback(`/cb?code=${"a".repeat(2_048)}&state=s`).code).toHaveLength(2_048);
  });

  it.each([
    "invalid_request",
    "unauthorized_client",
    "access_denied",
    "unsupported_response_type",
    "invalid_scope",
    "server_error",
    "temporarily_unavailable",
  ])("names what is known to go wrong: %s", (error) => {
    expect(readCallback(`/cb?error=${error}&state=s`).error).toBe(error);
    expect(readCallback(`/cb?error=${error}s&state=s`).error).toBe("unknown");
  });

  it.each([
    ["?code=a&code=a&state=s", '"code" is repeated'],
    ["?code=a&state=s&state=s", '"state" is repeated'],
    ["?code=a&state=s&iss[]=a", '"iss" is repeated'],
    ["?error[a][b]=c&state=s", '"error" is repeated'],
    ["?state=s", 'it carries neither "code" nor "error"'],
    ["?code=a&error=b&state=s", 'it carries both "code" and "error"'],
    ["?error=&state=s", 'its "error" is empty'],
    ["?code=&state=s", 'its "code" is not one'],
    ["?code=a%7F&state=s", 'its "code" is not one'],
    ["?code=%1Fa&state=s", 'its "code" is not one'],
    [`?code=${"a".repeat(2_049)}&state=s`, 'its "code" is not one'],
    ["?code=a", "sign_in_state"],
    ["?code=a&state=", "sign_in_state"],
  ])("is none where it says %s", (query, why) => {
    expect(refusalOf(query)).toBe(why);
  });

  it("says what is to be done", () => {
    expect(() => readCallback("/cb?state=s")).toThrow(
      'This is not an answer from Aircall: it carries neither "code" nor "error". Begin signing in again.',
    );
    expect(() => readCallback("/cb?code=a")).toThrow('The sign-in answer carries no "state". Begin again.');
  });

  it.each<[string, string | null, boolean]>([
    ["/auth/aircall/callback", null, false],
    ["/auth/aircall/callback", "/auth/aircall/callback", true],
    ["/Auth/aircall/callback/?a", "/auth/aircall/callback", true],
    ["/other", "/auth/aircall/callback", false],
    ["/other?code=a&state=s", "/auth/aircall/callback", true],
    ["/?code=a&state=s", null, true],
    ["/?error=a&state=s", null, true],
    ["/?code=a", null, false],
    ["/?state=s", null, false],
    ["/?code=a&error=b", null, false],
  ])("is told from somebody who begins by its address, %s, where the callback is at %s", (originalUrl, path, is) => {
    const config = { ...signInConfig(), callbackPath: path };
    expect(isCallback({ originalUrl, app: express() } as unknown as Request, config)).toBe(is);
  });
});

describe.each(doors)("a callback by %s that no authorization server sends", (_door, wire) => {
  it(`is one clear 400 in each of ${shapes.length} shapes, never a new redirect`, async () => {
    const app = await start(wire);
    const { visitor, state } = await underWay(app);

    const answers: unknown[] = [];
    for (const shape of shapes) {
      const { status, location, setCookies } = await visitor.visit(callbackPath + shape.replaceAll("S", state));
      answers.push([shape, status, location, setCookies]);
    }

    expect(answers).toEqual(shapes.map((shape) => [shape, 400, "", []]));
    expect(app.simulator.counts.requests).toBe(0);
    expect(await app.stored()).toEqual({ sessions: 0, records: 0 });
  });

  it("spoils nothing: the sign-in under way still succeeds", async () => {
    const app = await start(wire);
    const visitor = app.visitor();
    const callback = await app.consent(visitor);
    await visitor.visit(`${callback}&code=another`);
    await visitor.visit(callbackPath);
    expect((await visitor.visit(callback)).status).toBe(302);
    expect(JSON.parse((await visitor.visit("/me")).text)).toMatchObject({ id: app.simulator.companies[0].id });
  });
});

describe.each(doors)("an error answer by %s (RFC 6749, section 4.1.2.1)", (_door, wire) => {
  const script = encodeURIComponent("<script>alert(1)</script>");

  it.each([
    ["access_denied", 403],
    ["server_error", 502],
    ["temporarily_unavailable", 502],
    [script, 502],
  ])("is named by its code only, and writes nothing: %s", async (error, expected) => {
    const app = await start(wire, { errors: null });
    const { visitor, state } = await underWay(app);

    const answer = await visitor.visit(`${callbackPath}?error=${error}&error_description=${script}&state=${state}`);

    expect(answer.status).toBe(expected);
    expect(answer.text).not.toContain("alert");
    expect(JSON.stringify(answer.headers)).not.toContain("alert");
    expect(app.simulator.counts.requests).toBe(0);
    expect(await app.stored()).toEqual({ sessions: 0, records: 0 });
  });

  it.each([
    ["without a state", ""],
    ["with a state nobody was given", `&state=${"x".repeat(43)}`],
    ["with a script for a state", `&state=${script}`],
  ])("counts for nothing %s", async (_how, state) => {
    const app = await start(wire, { errors: null });
    const { visitor } = await underWay(app);
    const answer = await visitor.visit(`${callbackPath}?error=access_denied&error_description=${script}${state}`);
    expect(answer.status).toBe(400);
    expect(answer.text).not.toContain("alert");
    expect(answer.setCookies).toEqual([]);
  });

  it("uses its attempt up", async () => {
    const app = await start(wire);
    const { visitor, state } = await underWay(app);
    await visitor.visit(`${callbackPath}?error=access_denied&state=${state}`);
    expect((await visitor.visit(`${callbackPath}?code=a&state=${state}`)).status).toBe(400);
    expect(app.simulator.counts.tokenRequests).toBe(0);
  });
});

describe.each(doors)("an answer of %s", (_door, wire) => {
  const secretive = { "cache-control": "no-store", "referrer-policy": "no-referrer" };

  it("is kept from caches and referrers, whatever comes of it", async () => {
    const app = await start(wire, { errors: null });
    const { visitor, state } = await underWay(app);
    const callback = await app.consent(visitor);

    const answers = [
      await visitor.visit("/auth/aircall"),
      await visitor.visit(callbackPath),
      await visitor.visit(`${callbackPath}?code=a&state=nobody's`),
      await visitor.visit(`${callbackPath}?error=server_error&state=${state}`),
      await visitor.visit(callback),
    ];
    expect(answers.map(({ status }) => status)).toEqual([302, 400, 400, 502, 302]);
    for (const { headers } of answers) expect(headers).toMatchObject(secretive);
  });

  it("is so too when Aircall fails", async () => {
    const app = await start(wire, { errors: null });
    app.simulator.fail({ match: { path: "/v1/oauth/token" }, status: 500 });
    const { status, headers } = await app.signIn(app.visitor());
    expect(status).toBe(502);
    expect(headers).toMatchObject(secretive);
  });

  it("follows the settings, whatever Host and X-Forwarded-* say", async () => {
    const app = await start(wire);
    const warnings = silenceWarnings();
    const headers = {
      host: "evil.example",
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "https",
      "x-forwarded-port": "444",
      "x-forwarded-prefix": "/evil",
      forwarded: "host=evil.example;proto=https",
      "x-original-url": "/evil",
    };
    const visitor = app.visitor();
    const { location } = await visitor.visit("/auth/aircall?return_to=/x", { headers });
    expect(new URL(location).searchParams.get("redirect_uri")).toBe(app.origin + callbackPath);
    const back = await visitor.visit(app.simulator.consent(location), { headers });
    expect(new URL(back.location, app.origin).origin).toBe(app.origin);
    expect(JSON.stringify([...visitor.cookies])).not.toContain("evil");
    warnings.mockRestore();
  });
});

describe("the callback of an app behind a proxy that strips a prefix", () => {
  it.each([
    ["passport.authenticate", wirePassport],
    ["aircallAuth", wireRoutes],
  ])("is found by `callbackPath`: %s", async (_door, wire) => {
    const app = await start((express, settings) => {
      const callbackUrl = settings.callbackUrl.replace("/auth", "/public/auth");
      wire(express, { ...settings, callbackUrl, callbackPath });
    });
    const visitor = app.visitor();
    const callback = await app.consent(visitor);
    expect(callback).toMatch(/^\/public\/auth\/aircall\/callback\?/);
    expect((await visitor.visit(callback.replace("/public", ""))).status).toBe(302);
    expect(JSON.parse((await visitor.visit("/me")).text)).toMatchObject({ id: expect.any(Number) });
  });
});

function silenceWarnings() {
  return jest.spyOn(process, "emitWarning").mockImplementation(() => undefined);
}
