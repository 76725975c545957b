// Every company that connects, by OAuth: node --env-file=.env oauth.mjs. Settings: npx express-aircall simulator.
import express from "express";
import session from "express-session";
import { aircallAuth, aircallErrors, requireAircall, SignInError } from "express-aircall";

const app = express();
app.use(session({ secret: process.env.SESSION_SECRET, resave: false, saveUninitialized: false }));
app.use(aircallAuth({ initiateOAuth: "GETANDREFRESH" }));

app.get("/", requireAircall(), async (req, res) => {
  const { items } = await req.aircall.calls.list({ order: "desc" });
  res.json(items);
});
app.use(aircallErrors());
app.use((error, req, res, next) => {
  if (!(error instanceof SignInError)) return next(error);
  res.status(error.status).send("Aircall was not connected. <a href=/auth/aircall>Try again</a>");
});

app.listen(process.env.PORT ?? 3000);
