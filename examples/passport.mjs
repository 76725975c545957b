// An app that has Passport already: node --env-file=.env passport.mjs. Settings: npx express-aircall simulator.
import express from "express";
import session from "express-session";
import passport from "passport";
import { aircallAuth, aircallErrors, AircallStrategy, requireAircall } from "express-aircall";

passport.use(new AircallStrategy({}, async ({ account }) => ({ id: account.id, name: account.name })));
passport.serializeUser((user, done) => done(null, user));
passport.deserializeUser((user, done) => done(null, user));

const app = express();
app.use(session({ secret: process.env.SESSION_SECRET, resave: false, saveUninitialized: false }));
app.use(passport.session());
app.use(aircallAuth({ initiateOAuth: "REFRESH" }));

app.get("/login", passport.authenticate("aircall"));
app.get("/login-failed", (req, res) => res.status(403).send("Aircall was not connected. <a href=/login>Try again</a>"));
app.get("/auth/aircall/callback", passport.authenticate("aircall", { failureRedirect: "/login-failed" }), (req, res) =>
  res.redirect(req.authInfo?.returnTo ?? "/"),
);
app.get("/", requireAircall(), async (req, res) => {
  res.json((await req.aircall.users.list()).items);
});
app.use(aircallErrors({ signInPath: "/login" }));

app.listen(process.env.PORT ?? 3000);
