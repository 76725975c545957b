import express from "express";
import session from "express-session";
import { aircallAuth, aircallErrors, requireAircall } from "express-aircall";

const app = express();
app.use(session({ secret: process.env.SESSION_SECRET, resave: false, saveUninitialized: false }));
app.use(aircallAuth({ initiateOAuth: "GETANDREFRESH", companies: [Number(process.env.ALLOWED)] }));
app.get("/me", requireAircall(), async (req, res) => {
  res.json({ name: (await req.aircall.account()).name });
});
app.use(aircallErrors());
app.listen(process.env.PORT);
