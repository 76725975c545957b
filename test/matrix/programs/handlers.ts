import express from "express";
import { aircallAuth, aircallErrors, requireAircall, saveSessionFirst } from "express-aircall";

/** Takes the library's types from where another Express's are nearer to it than the app's, as pnpm may lay them out. */
const auth = aircallAuth();
const app = express().use(saveSessionFirst(), auth).use("/mounted", auth);
app.get("/calls", requireAircall(), (req, res, next) => {
  req.aircall.calls.list().pipe(res).catch(next);
});
export default app.use(aircallErrors({ signInPath: "/login" }));
