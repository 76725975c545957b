import type { RequestHandler } from "express";
import type { AircallStrategy } from "express-aircall";
import { Passport, type AuthenticateCallback, type AuthenticateOptions } from "passport";

/** A Passport of the app's own that knows one strategy, if any, and keeps the whole user in the session. */
export function createPassport(strategy?: AircallStrategy) {
  const passport = new Passport();
  if (strategy) passport.use(strategy);
  passport.serializeUser((user, done) => done(null, user));
  passport.deserializeUser((user: Express.User, done) => done(null, user));

  return {
    session: () => passport.session() as RequestHandler,
    authenticate: (options: AuthenticateOptions | AuthenticateCallback = {}, callback?: AuthenticateCallback) =>
      passport.authenticate(
        "aircall",
        options as AuthenticateOptions,
        callback as AuthenticateCallback,
      ) as RequestHandler,
    authorize: (options: AuthenticateOptions = {}) => passport.authorize("aircall", options) as RequestHandler,
  };
}
