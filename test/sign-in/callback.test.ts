import { doors, wirePassport, wireRoutes } from "../support/apps/doors";
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
