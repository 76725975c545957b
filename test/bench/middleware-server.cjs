// One Express app in a process of its own, so that its CPU time can be read: `node middleware-server.cjs <variant>`.
const express = require("express");
const session = require("express-session");
const passport = require("passport");
const { aircallAuth } = require("express-aircall");

const variants = {
  session: () => [],
  nothing: () => [(_req, _res, next) => next()],
  aircall: () => [aircallAuth(oauth)],
  passport: () => [passport.session()],
};
const oauth = { oauthClientId: "id", oauthClientSecret: "a secret of the bench", initiateOAuth: "REFRESH" };

const app = express();
app.use(session({ secret: "a secret of the bench", resave: false, saveUninitialized: false }));
passport.serializeUser((user, done) => done(null, user));
passport.deserializeUser((user, done) => done(null, user));
app.get("/sign-in", (req, res) => {
  req.session.passport = { user: { id: 1 } };
  req.session.aircall = { anApp: ["a".repeat(32)] };
  res.send("signed in");
});
for (const middleware of variants[process.argv[2]]()) app.use(middleware);
app.get("/", (_req, res) => res.send("ok"));

const server = app.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
process.on("message", () => process.send({ cpu: process.cpuUsage() }));
