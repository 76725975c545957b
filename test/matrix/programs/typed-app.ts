import { type AddressInfo } from "node:net";
import express, { type Request, type RequestHandler } from "express";
import passport from "passport";
import {
  aircallAuth,
  aircallErrors,
  AircallStrategy,
  memoryGrants,
  NotConnectedError,
  requireAircall,
  saveSessionFirst,
} from "express-aircall";
import { createSimulator } from "express-aircall/simulator";

const app = express();
app.use(aircallAuth(JSON.parse(process.env["SETTINGS"]!)));
app.get("/", requireAircall(), (req, res, next) => {
  req.aircall.users.list().then(({ items }) => res.json(items.length), next);
});
app.use(aircallErrors());

const server = app.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  const isOurs = new NotConnectedError() instanceof NotConnectedError;
  process.send!({ origin: `http://127.0.0.1:${port}`, isOurs: String(isOurs) });
});

/** Everything of the library that takes or gives what is Express's; it only has to compile. */
export function mountAll(options: { callbackUrl: string }, sessions: RequestHandler): void {
  const simulator = createSimulator({ url: "http://localhost/aircall" });
  const tenantOf = (req: Request) => ({ ref: req.get("x-tenant") ?? "" });
  const actorOf = (req: Request) => req.ip ?? null;
  const auth = aircallAuth({
    ...options,
    grants: memoryGrants(),
    hold: "company",
    company: tenantOf,
    onAudit: console.log,
    actor: actorOf,
    verify: ({ account, req }) => ({ id: account.id, agent: req.get("user-agent"), path: req.path }),
  });
  passport.use(new AircallStrategy(options));
  passport.use(
    new AircallStrategy({ ...options, passReqToCallback: true }, (req: Request, _token, _refresh, profile, done) =>
      done(null, { id: profile.id, ip: req.ip } as Express.User),
    ),
  );
  app.use("/aircall", simulator.handler);
  app.use(sessions);
  app.use(saveSessionFirst(), auth);
  app.use("/mounted", auth);
  app.get("/calls", requireAircall(), (req, res, next) => {
    req.aircall.calls.list().pipe(res).catch(next);
  });
  app.post("/keys", (req, res, next) => {
    auth.connectKey({ ref: "7" }, { user: "id", password: "token" }, { req }).then(() => res.end(), next);
  });
  app.delete("/keys", (req, res, next) => {
    auth.disconnectCompany(7, { req }).then((ended) => res.json(ended), next);
  });
  app.use(aircallErrors({ signInPath: "/login" }));
}
