import {
  aircallAuth,
  AircallStrategy,
  classicVerify,
  type ClassicVerify,
  type SettingsOptions,
  type Verify,
} from "express-aircall";
import { refusalOf } from "../config/refusal";
import { createPassport } from "../support/apps/passport";
import { useSignInApps } from "../support/apps/sign-in-app";

const start = useSignInApps();
type Make = (settings: SettingsOptions) => AircallStrategy;

/** An app that says who has signed in, and sends those who may not to /refused. */
function startWith(make: Make) {
  return start((app, settings) => {
    const authenticate = createPassport(make(settings)).authenticate({ failureRedirect: "/refused" });
    app.get("/auth/aircall", authenticate);
    app.get("/auth/aircall/callback", authenticate, (req, res) => void res.json([req.user, req.authInfo]));
  });
}

function refusing(verify: Verify): Make {
  return (settings) => new AircallStrategy(settings, verify);
}

describe("new AircallStrategy(options, verify)", () => {
  it("signs in the company itself without a verify", async () => {
    const app = await startWith((settings) => new AircallStrategy(settings));
    const { id, name } = app.simulator.companies[0];
    const [user, info] = JSON.parse((await app.signIn(app.visitor())).text);
    expect(user).toMatchObject({ id, name, user: { email: expect.stringContaining("@") } });
    expect(info).toEqual({ account: user, returnTo: null, install: false });
  });

  it("signs in whom verify names, and hands on what it says of them", async () => {
    const verify: ClassicVerify = (_access, _refresh, profile, done) => done(null, { id: profile.id }, { plan: "pro" });
    const app = await startWith((settings) => new AircallStrategy(settings, verify));
    const [user, info] = JSON.parse((await app.signIn(app.visitor())).text);
    expect(user).toEqual({ id: String(app.simulator.companies[0].id) });
    expect(info).toMatchObject({ plan: "pro", install: false });
  });

  it.each<[string, Make]>([
    ["false", refusing(() => false)],
    ["nothing", refusing(() => undefined)],
    ["a promise of null", refusing(() => Promise.resolve(null))],
    [
      "done(null, false)",
      (settings) =>
        new AircallStrategy(settings, (_a: string, _r: string | null, _p: object, done: Done) => done(null, false)),
    ],
    [
      "done, though its promise has a user",
      (settings) =>
        new AircallStrategy(
          settings,
          // oxlint-disable-next-line typescript/require-await -- as those who also ask a database write it
          async (_a: string, _r: string | null, _p: object, done: Done) => {
            setTimeout(done, 5, null, false);
            return { statement: "a database answers with itself" };
          },
        ),
    ],
    [
      "done, whatever its parameters",
      (settings) =>
        new AircallStrategy(
          settings,
          classicVerify((...given) => {
            setTimeout(given[3], 5, null, false);
            return Promise.resolve({ id: 1 });
          }),
        ),
    ],
    ["companies", (settings) => new AircallStrategy({ ...settings, companies: [1] })],
  ])("writes nothing when the company is refused by %s", async (_how, make) => {
    const app = await startWith(make);
    expect(await app.signIn(app.visitor())).toMatchObject({ status: 302, location: "/refused" });
    expect(await app.stored()).toEqual({ sessions: 0, records: 0 });
    expect(app.simulator.counts.tokenRequests).toBe(1);
  });

  it("refuses the second of a doubled callback without asking Aircall again", async () => {
    const app = await startWith(refusing(() => false));
    const visitor = app.visitor();
    const callback = await app.consent(visitor);
    const answers = await Promise.all([visitor.copy().visit(callback), visitor.visit(callback)]);
    expect(answers.map(({ location }) => location)).toEqual(["/refused", "/refused"]);
    expect(app.simulator.counts.tokenRequests).toBe(1);
    expect(await app.stored()).toEqual({ sessions: 0, records: 0 });
  });

  it("tells verify of a doubled callback that it asks about the same sign-in once more", async () => {
    const asked: boolean[] = [];
    const verify: Verify = ({ account, repeated }) => asked.push(repeated) && { id: account.id };
    const app = await startWith((settings) => new AircallStrategy(settings, verify));
    const visitor = app.visitor();
    const callback = await app.consent(visitor);
    const answers = await Promise.all([visitor.copy().visit(callback), visitor.visit(callback)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(asked).toEqual([false, true]);
  });

  it("answers 500 with verify's own error when it fails, and has written nothing", async () => {
    const app = await startWith(refusing(() => Promise.reject(new RangeError("no such user"))));
    const { status, text } = await app.signIn(app.visitor());
    expect([status, JSON.parse(text)]).toEqual([500, { code: "RangeError", message: "no such user" }]);
    expect(await app.stored()).toEqual({ sessions: 0, records: 0 });
  });

  it.each([undefined, "route"])("does not let anybody past when verify rejects with %j", async (thrown) => {
    const app = await startWith(refusing(() => Promise.reject(thrown)));
    expect((await app.signIn(app.visitor())).status).toBe(500);
    expect(await app.stored()).toEqual({ sessions: 0, records: 0 });
  });

  it("gives a custom callback the reason, with the code and status of the refusal", async () => {
    const verify: ClassicVerify = (_access, _refresh, _profile, done) =>
      done(null, false, { message: "Ask Ada first." });
    const app = await start((express, settings) => {
      const passport = createPassport(new AircallStrategy(settings, verify));
      express.use("/auth/aircall", (req, res, next) => {
        passport.authenticate((...told: unknown[]) => void res.json(told))(req, res, next);
      });
    });
    const told = JSON.parse((await app.signIn(app.visitor())).text);
    expect(told).toEqual([null, false, { message: "Ask Ada first.", code: "sign_in_refused" }, 403]);
  });
});

describe("a verify that was given and is none", () => {
  const settings = { oauthClientId: "id", oauthClientSecret: "secret", callbackUrl: "http://localhost/callback" };
  const passReqToCallback = { ...settings, passReqToCallback: true };
  const nothings = [null, false, "", 0, NaN, {}, [], "everyone", true, Promise.resolve(() => true)];

  it.each(nothings)("is refused at start: %p", (given) => {
    const make = [
      () => new AircallStrategy(settings, given as never),
      () => new AircallStrategy({}, given as never),
      () => new AircallStrategy(passReqToCallback as never, given as never),
      () => aircallAuth({ ...settings, initiateOAuth: "GETANDREFRESH", verify: given as never }),
    ];
    expect(make.map((attempt) => refusalOf(attempt).message).filter((message) => message.includes("verify"))).toEqual([
      expect.stringContaining("verify must be a function"),
      expect.stringContaining("verify must be a function"),
      expect.stringContaining("verify must be a function"),
    ]);
  });

  it.each([null, false, "", 0, [], "everyone", true])("is refused in place of the options: %p", (given) => {
    expect(refusalOf(() => new AircallStrategy(given as never)).message).toContain("takes an object of options");
    expect(refusalOf(() => new AircallStrategy(given as never, () => true)).message).toContain(
      "takes an object of options",
    );
    expect(refusalOf(() => aircallAuth(given as never)).message).toContain("takes an object of options");
  });

  it.each<[string, () => unknown, string]>([
    [
      "among the options",
      () => new AircallStrategy({ ...settings, verify: () => true } as never),
      "behind the options",
    ],
    ["twice", () => new AircallStrategy((() => true) as never, () => true), "the options come first"],
    [
      "before the options",
      () => new AircallStrategy((() => true) as never, settings as never),
      "the options come first",
    ],
    [
      "with a passReqToCallback that is text",
      () => new AircallStrategy({ ...settings, passReqToCallback: "false" } as never, () => true),
      "passReqToCallback must be true or false",
    ],
    [
      "with rest parameters",
      () => new AircallStrategy(settings, (...given: unknown[]) => given),
      "classicVerify(verify)",
    ],
    [
      "with rest parameters, at the middleware",
      () => aircallAuth({ ...settings, initiateOAuth: "GETANDREFRESH", verify: (...given: unknown[]) => given }),
      "classicVerify(verify)",
    ],
  ])("is refused %s", (_where, make, message) => {
    expect(refusalOf(make).message).toContain(message);
  });

  it("is nothing where it is undefined", () => {
    expect(() => new AircallStrategy(settings, undefined)).not.toThrow();
    expect(() => aircallAuth({ ...settings, initiateOAuth: "GETANDREFRESH", verify: undefined })).not.toThrow();
  });
});

type Done = Parameters<ClassicVerify>[3];
