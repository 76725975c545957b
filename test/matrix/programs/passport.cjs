const { randomBytes } = require("node:crypto");
const express = require("express");
const session = require("express-session");
const passport = require("passport");
const { aircallAuth, AircallStrategy, requireAircall } = require("express-aircall");

const settings = JSON.parse(process.env.SETTINGS);
const app = express();
const server = app.listen(0, "127.0.0.1", () => {
  const origin = `http://localhost:${server.address().port}`;
  mount({ ...settings, callbackUrl: `${origin}/callback` });
  process.send({ origin, passport: require("passport/package.json").version });
});

function mount(options) {
  passport.use(new AircallStrategy(options));
  passport.serializeUser((user, done) => done(null, user.id));
  passport.deserializeUser((id, done) => done(null, { id }));

  const secret = randomBytes(32).toString("hex");
  app.use(session({ secret, resave: false, saveUninitialized: false }), passport.session(), aircallAuth(options));
  app.get("/login", passport.authenticate("aircall"));
  app.get("/callback", passport.authenticate("aircall", { successRedirect: "/me", failureMessage: true }));
  app.get("/me", requireAircall({ signInPath: "/login" }), (req, res, next) => {
    req.aircall.account().then(({ name }) => res.json({ user: req.user.id, name }), next);
  });
  app.post("/logout", (req, res, next) => req.logout((error) => (error ? next(error) : res.redirect("/"))));
  app.use((error, _req, res, _next) => res.status(error.status ?? 500).json({ code: error.code ?? String(error) }));
}
