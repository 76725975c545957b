import type { Express } from "express";
import type { PassportStatic } from "passport";
import { aircallAuth, AircallStrategy, classicVerify, type AircallAuth } from "express-aircall";

interface Settings {
  readonly clientID: string;
  readonly clientSecret: string;
  readonly callbackURL: string;
}

/**
 * What was `new AircallStrategy({ clientID, … }, function (accessToken, refreshToken, profile, done) { … })`. Options
 * and callback stay; the token need not be kept any more, for routes have `req.aircall`. The callback's path and the
 * name `aircall` stay too, so that what is registered at Aircall need not change.
 */
export function signIn(app: Express, passport: PassportStatic, settings: Settings): AircallAuth {
  const verify = classicVerify((_accessToken, _refreshToken, profile, done) => {
    done(null, { id: profile.id, name: profile.displayName });
  });
  passport.use(new AircallStrategy(settings, verify));

  const { clientID: oauthClientId, clientSecret: oauthClientSecret } = settings;
  const auth = aircallAuth({ oauthClientId, oauthClientSecret, initiateOAuth: "REFRESH" });
  app.use(auth);
  app.get("/auth/aircall", passport.authenticate("aircall"));
  app.get(
    new URL(settings.callbackURL).pathname,
    passport.authenticate("aircall", { failureRedirect: "/login" }),
    (req, res) => res.redirect(req.authInfo?.returnTo ?? "/"),
  );
  return auth;
}
