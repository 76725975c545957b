import express, { type Express } from "express";
import session, { MemoryStore, type Store } from "express-session";
import {
  aircallAuth,
  aircallErrors,
  AircallStrategy,
  requireAircall,
  type AircallAuth,
  type AircallAuthOptions,
} from "express-aircall";
import type { Simulator } from "express-aircall/simulator";
import { Passport } from "passport";
import { grantsOf } from "../../../src/grants/stores/default";
import { createBrowser, pathOf, type Browser } from "../browser/browser";
import { countCalls, getAndRefresh, origin, sendError } from "./connected-app";
import { startSimulator } from "../servers/simulated";

export type Name = "a" | "b";
export type Door = "aircallAuth" | "passport.authenticate";

/** One of two Aircall apps, with a client id and a pretend Aircall of its own; the companies there are the same. */
export interface OneApp {
  readonly name: Name;
  readonly auth: AircallAuth;
  readonly simulator: Simulator;
  readonly signIn: (browser: Browser, companyId?: number) => Promise<void>;
  /** The id of the company that this browser has connected to this app; null for none. */
  readonly connected: (browser: Browser) => Promise<number | null>;
  /** What calling Aircall answers. */
  readonly calls: (browser: Browser) => Promise<number>;
  /** What a job for the first company comes to. */
  readonly job: () => Promise<number | string>;
}

export interface TwoAppsOptions {
  readonly door?: Door;
  readonly store?: () => Store;
  readonly common?: Partial<AircallAuthOptions>;
  readonly own?: Partial<Record<Name, Partial<AircallAuthOptions>>>;
  readonly tokens?: "permanent" | "rotating";
}

const open: AircallAuth[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((auth) => auth.close()));
});

/** Two Aircall apps below `/a` and `/b` of one Express app, with one session for both. */
export async function startTwoApps({ store = () => new MemoryStore(), ...options }: TwoAppsOptions = {}) {
  const app = express();
  const settings = { secret: "for tests only", resave: false, saveUninitialized: false };
  const sessionStore = store();
  app.use(session({ ...settings, store: sessionStore }));
  const shared = { ...options, common: { grants: grantsOf(sessionStore, options.common), ...options.common } };
  const [a, b] = [await mountApp(app, "a", shared), await mountApp(app, "b", shared)];
  app.use(aircallErrors(), sendError);
  return { a, b, companyId: a.simulator.companies[0].id, browser: () => browserOf(app) };
}

/** Two services, each with sessions of its own, that share whatever keeps their grants. */
export async function startTwoServices({ store = () => new MemoryStore(), ...options }: TwoAppsOptions = {}) {
  const services = { a: express(), b: express() };
  const started = await Promise.all(
    (["a", "b"] as const).map(async (name) => {
      const settings = { secret: "for tests only", resave: false, saveUninitialized: false };
      const sessionStore = store();
      services[name].use(session({ ...settings, store: sessionStore }));
      const common = { grants: grantsOf(sessionStore, options.common), ...options.common };
      const one = await mountApp(services[name], name, { ...options, common });
      services[name].use(aircallErrors(), sendError);
      return one;
    }),
  );
  const [a, b] = started as [OneApp, OneApp];
  return { a, b, companyId: a.simulator.companies[0].id, browser: (name: Name) => browserOf(services[name]) };
}

async function mountApp(
  app: Express,
  name: Name,
  { door = "aircallAuth", common, own, tokens = "permanent" }: Omit<TwoAppsOptions, "store">,
): Promise<OneApp> {
  const mount = `/${name}`;
  const simulator = await startSimulator({ clientId: `client-${name}`, clientSecret: `secret-of-${name}`, tokens });
  const settings = getAndRefresh(simulator, mount);
  const options = { ...settings, ...common, ...own?.[name] };
  const auth = aircallAuth(door === "aircallAuth" ? options : { ...options, initiateOAuth: "REFRESH" });
  open.push(auth);
  app.use(mount, auth);
  if (door === "passport.authenticate") mountPassport(app, mount, new AircallStrategy(settings));
  app.get(`${mount}/calls`, requireAircall(), async (req, res) => {
    res.json({ calls: await countCalls(req.aircall) });
  });
  app.get(`${mount}/account`, async (req, res) => void res.json(await req.aircall.account()));
  app.post(`${mount}/disconnect`, async (req, res) => {
    await req.aircall.disconnect();
    res.end();
  });
  app.post(`${mount}/destroy`, (req, res, next) => {
    req.session.destroy((error) => (error ? next(error) : res.end()));
  });
  const companyId = simulator.companies[0].id;

  return {
    name,
    auth,
    simulator,
    async signIn(browser, wanted = companyId) {
      const { location } = (await browser.visit(`${mount}/auth/aircall`)).headers;
      const callback = simulator.consent(location!, { companyId: wanted });
      expect((await browser.visit(pathOf(callback))).status).toBe(302);
    },
    async connected(browser) {
      const { body, status } = await browser.visit(`${mount}/account`);
      expect(status).toBe(200);
      return (body as { id: number } | null)?.id ?? null;
    },
    calls: async (browser) => (await browser.agent.get(`${mount}/calls`)).status,
    job: () => countCalls(auth.clientFor(companyId)).catch((error: { code: string }) => error.code),
  };
}

function mountPassport(app: Express, mount: string, strategy: AircallStrategy): void {
  const passport = new Passport();
  passport.use(strategy);
  passport.serializeUser((user, done) => done(null, user));
  passport.deserializeUser((user: Express.User, done) => done(null, user));
  const keep = { keepSessionInfo: true };
  app.use(mount, passport.session() as express.RequestHandler);
  app.get(`${mount}/auth/aircall`, passport.authenticate("aircall", keep) as express.RequestHandler);
  const received = passport.authenticate("aircall", { ...keep, successRedirect: `${mount}/account` });
  app.get(`${mount}/auth/aircall/callback`, received as express.RequestHandler);
}

function browserOf(app: Express): Browser {
  const browser = createBrowser(app);
  browser.agent.set("Host", new URL(origin).host);
  return browser;
}
