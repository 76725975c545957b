import { AircallStrategy, type ClassicVerify, type SettingsOptions, type Verify } from "express-aircall";
import { createPassport } from "../support/passport";
import { useSignInApps } from "../support/sign-in-app";

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

type Done = Parameters<ClassicVerify>[3];
