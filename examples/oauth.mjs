// Every company that connects, by OAuth: node --env-file=.env oauth.mjs. Settings: npx express-aircall simulator.
import express from "express";
import session from "express-session";
import { aircallAuth, aircallErrors, requireAircall } from "express-aircall";

const app = express();
app.use(session({ secret: process.env.SESSION_SECRET, resave: false, saveUninitialized: false }));
app.use(aircallAuth({ initiateOAuth: "GETANDREFRESH" }));

app.get("/", requireAircall(), async (req, res) => {
  const { items } = await req.aircall.calls.list({ order: "desc" });
  res.json(items);
});
app.use(aircallErrors());

app.listen(process.env.PORT ?? 3000);
