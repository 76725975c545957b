import type { Express, NextFunction, Request, Response } from "express";
import { aircallAuth, AircallStrategy } from "express-aircall";
import type { AuthenticateOptions } from "passport";
import { createPassport } from "../support/apps/passport";
import { useSignInApps, type Settings } from "../support/apps/sign-in-app";
import type { Visitor } from "../support/browser/visitor";

const start = useSignInApps();
type AppPassport = ReturnType<typeof createPassport>;
type Finish = (passport: AppPassport) => (req: Request, res: Response, next: NextFunction) => void;

/** What a visitor finds after signing in, in each way Passport offers. */
interface Outcome {
  /** Where the callback sends them; a page of its own when null. */
  readonly location: string | null;
  /** Whether Passport has a user for the next request. */
  readonly user: boolean;
  /** Whether the app's own session keys are still there: as Passport decides. */
  readonly kept: boolean;
}

const logsIn = { user: true, kept: false };

const modes: [mode: string, finish: Finish, outcome: Outcome][] = [
  ["successRedirect", by({ successRedirect: "/home" }), { location: "/home", ...logsIn }],
  ["successReturnToOrRedirect", by({ successReturnToOrRedirect: "/home" }), { location: "/home", ...logsIn }],
  ["plain next()", by({}), { location: null, ...logsIn }],
  ["a custom callback that logs in", custom({}), { location: null, ...logsIn }],
  ["a custom callback that does not", custom(null), { location: null, user: false, kept: true }],
  ["passport.authorize()", (passport) => passport.authorize(), { location: null, user: false, kept: true }],
  ["session: false", by({ session: false }), { location: null, user: false, kept: true }],
  ["keepSessionInfo: true", by({ keepSessionInfo: true }), { location: null, user: true, kept: true }],
  [
    "a custom callback that logs in with keepSessionInfo",
    custom({ keepSessionInfo: true }),
    { location: null, user: true, kept: true },
  ],
];

function by(options: AuthenticateOptions): Finish {
  return (passport) => passport.authenticate(options);
}

/** With null it does not log in. */
function custom(options: { keepSessionInfo?: boolean } | null): Finish {
  return (passport) => (req, res, next) => {
    passport.authenticate((error: unknown, user?: Express.User | false | null) => {
      if (error || !user || !options) return next(error);
      req.logIn(user, options as never, (failed: unknown) => next(failed));
    })(req, res, next);
  };
}

function wire(finish: Finish) {
  return (app: Express, settings: Settings) => {
    const passport = createPassport(new AircallStrategy(settings));
    app.use(aircallAuth({ ...settings, initiateOAuth: "REFRESH" }), passport.session());
    app.get("/keep", (req, res) => {
      Object.assign(req.session, { basket: ["apples"] });
      res.end();
    });
    app.get("/auth/aircall", passport.authenticate());
    app.get("/auth/aircall/callback", finish(passport), (_req, res) => void res.send("a page of its own"));
    app.get("/look", async (req, res) => {
      const basket = (req.session as { basket?: string[] }).basket ?? null;
      res.json({ account: await req.aircall.account(), user: req.user ?? null, basket });
    });
    app.get("/company", async (req, res) => void res.json(await req.aircall.company.get()));
  };
}

async function look(visitor: Visitor) {
  return JSON.parse((await visitor.visit("/look")).text) as { account: object | null; user: object; basket: unknown };
}

describe.each(modes)("signing in with %s", (_mode, finish, { location, user, kept }) => {
  it("is connected at the next request, in a session with another id", async () => {
    const app = await start(wire(finish));
    const visitor = app.visitor();
    await visitor.visit("/keep");
    const planted = visitor.copy();

    const answer = await app.signIn(visitor);

    expect([answer.status, answer.location]).toEqual(location === null ? [200, ""] : [302, location]);
    const { id, name } = app.simulator.companies[0];
    const seen = await look(visitor);
    expect(seen.account).toMatchObject({ id, name });
    expect(seen.user).toEqual(user ? expect.objectContaining({ id }) : null);
    expect(seen.basket).toEqual(kept ? ["apples"] : null);
    expect(JSON.parse((await visitor.visit("/company")).text)).toMatchObject({ name });

    expect(visitor.cookies.get("connect.sid")).not.toBe(planted.cookies.get("connect.sid"));
    expect(await look(planted)).toEqual({ account: null, user: null, basket: null });
    expect(await app.stored()).toEqual({ sessions: 1, records: 1 });
  });

  it("replaces what was connected when done again", async () => {
    const app = await start(wire(finish));
    const visitor = app.visitor();
    await app.signIn(visitor);
    const old = visitor.copy();
    await app.signIn(visitor);
    expect((await look(visitor)).account).toMatchObject({ id: app.simulator.companies[0].id });
    expect((await look(old)).account).toBeNull();
    expect(await app.stored()).toEqual({ sessions: 1, records: 1 });
  });
});

describe("an app that begins a new session once more, after Passport did", () => {
  it("stays connected", async () => {
    const again: Finish = (passport) => (req, res, next) => {
      passport.authenticate()(req, res, () => req.session.regenerate(next));
    };
    const app = await start(wire(again));
    const visitor = app.visitor();
    await app.signIn(visitor);
    expect((await look(visitor)).account).toMatchObject({ id: app.simulator.companies[0].id });
  });
});
