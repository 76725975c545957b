import { inspect } from "node:util";
import type { Express } from "express";
import { aircallAuth, AircallStrategy, ConfigError, requireAircall } from "express-aircall";
import { Passport } from "passport";
import { moveTime } from "../support/moved-time";
import { createPassport } from "../support/apps/passport";
import { callbackPath, useSignInApps, type Settings } from "../support/apps/sign-in-app";

const time = moveTime();
const start = useSignInApps();

describe("an Express app with Passport of its own", () => {
  function wire(app: Express, settings: Settings) {
    const passport = createPassport(new AircallStrategy(settings));
    app.use(aircallAuth({ ...settings, initiateOAuth: "REFRESH" }), passport.session());
    app.get("/auth/aircall", passport.authenticate());
    app.get(callbackPath, passport.authenticate({ successRedirect: "/calls", failureRedirect: "/sorry" }));
    app.get("/calls", requireAircall({ signInPath: "/auth/aircall" }), async (req, res) => {
      const { items } = await req.aircall.calls.list({ per_page: 5 });
      res.json({ user: req.user, calls: items.length });
    });
    app.post("/log-out", (req, res, next) => {
      void req.aircall.disconnect().then(() => req.logout((error) => (error ? next(error) : res.redirect(303, "/"))));
    });
  }

  it("signs in, works with req.aircall, and signs out for good", async () => {
    const app = await start(wire, { simulator: { callsPerDay: 40 } });
    const visitor = app.visitor();
    expect((await visitor.visit("/calls")).status).toBe(401);

    expect((await app.signIn(visitor)).location).toBe("/calls");
    const { id, name } = app.simulator.companies[0];
    const page = JSON.parse((await visitor.visit("/calls")).text);
    expect(page).toMatchObject({ user: { id, name }, calls: 5 });

    const old = visitor.copy();
    expect((await visitor.visit("/log-out", { method: "POST" })).status).toBe(303);
    expect([(await visitor.visit("/calls")).status, (await old.visit("/calls")).status]).toEqual([401, 401]);
  });

  it("sends somebody who said no where the app wants them", async () => {
    const app = await start(wire);
    const visitor = app.visitor();
    const { location } = await visitor.visit("/auth/aircall");
    const answer = await visitor.visit(app.simulator.consent(location, { deny: true }));
    expect([answer.status, answer.location]).toEqual([302, "/sorry"]);
  });

  it("asks to sign in again a minute after Aircall has revoked the grant", async () => {
    const app = await start(wire);
    const visitor = app.visitor();
    await app.signIn(visitor);
    app.simulator.revoke(app.simulator.companies[0].id);
    expect(JSON.parse((await visitor.visit("/calls")).text).code).toBe("token_refused");
    time.pass(60_000);
    expect(JSON.parse((await visitor.visit("/calls")).text).code).toBe("reconnect_required");
  });
});

describe("passport.authorize()", () => {
  function wire(app: Express, settings: Settings) {
    const passport = createPassport(new AircallStrategy(settings));
    app.use(aircallAuth({ ...settings, initiateOAuth: "REFRESH" }));
    app.get("/plain", passport.authenticate());
    app.get("/add", passport.authorize());
    app.get(callbackPath, passport.authenticate({ keepSessionInfo: true }), (_req, res) => void res.send("signed in"));
    app.get("/companies", async (req, res) => {
      const names = [1, 2].map((id) => req.query[`id${id}`]).map((id) => req.aircall.as(Number(id)).company.get());
      const found = await Promise.allSettled(names);
      res.json(found.map((one) => (one.status === "fulfilled" ? one.value.name : null)));
    });
  }

  async function connect(way: string) {
    const app = await start(wire);
    const [one, other] = app.simulator.companies;
    const visitor = app.visitor();
    await app.signIn(visitor, "/plain");
    const { location } = await visitor.visit(way);
    await visitor.visit(app.simulator.consent(location, { companyId: other.id }));
    const { text } = await visitor.visit(`/companies?id1=${one.id}&id2=${other.id}`);
    return { names: JSON.parse(text) as unknown, one, other, stored: await app.stored() };
  }

  it("adds a company to those that are connected", async () => {
    const { names, one, other, stored } = await connect("/add");
    expect(names).toEqual([one.name, other.name]);
    expect(stored.records).toBe(2);
  });

  it("is needed for that: a plain sign-in replaces, and the old record is deleted", async () => {
    const { names, other, stored } = await connect("/plain");
    expect(names).toEqual([null, other.name]);
    expect(stored.records).toBe(1);
  });
});

describe("passport.authenticate options", () => {
  it("come back in req.authInfo: where the person wanted to go, and whether Aircall's dashboard sent them", async () => {
    const app = await start((express, settings) => {
      const passport = createPassport(new AircallStrategy(settings));
      const to = (options: object) => passport.authenticate(options);
      express.get("/wanted", to({ returnTo: "/reports?week=47" }));
      express.get("/evil", to({ returnTo: "//evil.example" }));
      express.get("/install", to({ install: true }));
      express.get("/login", to({}));
      express.get(callbackPath, passport.authenticate(), (req, res) => void res.json(req.authInfo));
    });
    const infoAfter = async (path: string) => JSON.parse((await app.signIn(app.visitor(), path)).text) as unknown;

    expect(await infoAfter("/wanted")).toMatchObject({ returnTo: `${app.origin}/reports?week=47`, install: false });
    expect(await infoAfter("/evil")).toMatchObject({ returnTo: null });
    expect(await infoAfter("/login?return_to=%2Freports%3Fweek%3D47")).toMatchObject({
      returnTo: `${app.origin}/reports?week=47`,
    });
    expect(await infoAfter("/login?return_to=%2F%2Fevil.example")).toMatchObject({ returnTo: null });
    expect(await infoAfter("/wanted?return_to=%2Fother")).toMatchObject({ returnTo: `${app.origin}/reports?week=47` });
    expect(await infoAfter("/install")).toMatchObject({ returnTo: null, install: true });
  });
});

describe("one strategy object, handed to passport.authenticate itself", () => {
  it("gives each of sixty people who sign in at once their own answer", async () => {
    const app = await start((express, settings) => {
      const passport = new Passport();
      const strategy = new AircallStrategy(settings, ({ account, req }) => ({ id: account.id, tab: req.query["tab"] }));
      express.get(/./, (req, res, next) => {
        const settle = (error: unknown, user: unknown) => void res.json([error, user, req.query["tab"]]);
        (passport.authenticate(strategy, settle) as (...given: unknown[]) => void)(req, res, next);
      });
    });
    const { companies } = app.simulator;
    const people = Array.from({ length: 60 }, (_, tab) => ({ tab: String(tab), company: companies[tab % 2]! }));

    const answers = await Promise.all(
      people.map(async ({ tab, company }) => {
        const visitor = app.visitor();
        const { location } = await visitor.visit("/auth/aircall");
        const callback = app.simulator.consent(location, { companyId: company.id });
        return JSON.parse((await visitor.visit(`${callback}&tab=${tab}`)).text) as unknown;
      }),
    );

    expect(answers).toEqual(people.map(({ tab, company }) => [null, { id: company.id, tab }, tab]));
  });
});

describe("an AircallStrategy", () => {
  const settings = {
    clientID: "client-1",
    clientSecret: "s3nt1nel-secret",
    callbackURL: "http://localhost:3000/auth/aircall/callback",
  };

  it("takes Passport's names for its settings, and is called aircall", () => {
    expect(new AircallStrategy(settings).name).toBe("aircall");
  });

  it("shows no secret when it is inspected or turned into JSON", () => {
    const strategy = new AircallStrategy(settings);
    const passport = new Passport().use(strategy);
    const { _oauth2: oauth2 } = strategy as unknown as { _oauth2: object };
    const shown = [strategy, passport, { strategy }, Object.create(strategy), oauth2].flatMap((value: object) => [
      inspect(value, { depth: 10 }),
      JSON.stringify(value),
    ]);
    expect(shown.join("\n")).toContain("http://localhost:3000/auth/aircall/callback");
    expect(shown.join("\n")).not.toContain("s3nt1nel");
  });

  it.each<[string, object, string]>([
    ["without a secret", { ...settings, clientSecret: undefined }, "AIRCALL_CLIENT_SECRET"],
    ["without a callback", { ...settings, callbackURL: undefined }, "AIRCALL_CALLBACK_URL"],
    ["with a misspelled option", { ...settings, callbackUri: "x" }, 'callbackUri"'],
    ["for Basic", { authScheme: "Basic", user: "id", password: "token" }, "AircallStrategy signs in with OAuth"],
  ])("is refused when it is made %s", (_how, options, message) => {
    expect(() => new AircallStrategy(options)).toThrow(ConfigError);
    expect(() => new AircallStrategy(options)).toThrow(message);
  });

  it("reads the company of a token, as add-ons ask for", async () => {
    const app = await start(() => undefined);
    const strategy = new AircallStrategy({ ...app.simulator.oauth, callbackUrl: app.origin + callbackPath });
    const [{ id, name }] = app.simulator.companies;
    const { access_token: token } = app.simulator.issueToken();

    const profile = await new Promise((resolve, reject) =>
      strategy.userProfile(token, (error, found) => (error ? reject(error) : resolve(found))),
    );
    expect(profile).toMatchObject({ provider: "aircall", id: String(id), displayName: name });
    await expect(
      new Promise((resolve, reject) =>
        strategy.userProfile("made-up", (error) => (error ? reject(error) : resolve(0))),
      ),
    ).rejects.toMatchObject({ code: "sign_in_profile" });
  });
});
