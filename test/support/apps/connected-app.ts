import { promisify } from "node:util";
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";
import session, { MemoryStore, type SessionOptions } from "express-session";
import {
  aircallAuth,
  aircallErrors,
  requireAircall,
  type AircallAuth,
  type AircallAuthOptions,
  type RequestAircall,
} from "express-aircall";
import type { Simulator } from "express-aircall/simulator";
import { createBrowser, pathOf, type Browser } from "../browser/browser";

/** Where the browser believes the app to be; CallbackURL's origin. */
export const origin = "http://localhost:1234";

export interface ConnectedApp {
  readonly app: Express;
  readonly auth: AircallAuth;
  /** All that is in the session store, but the list of companies. */
  sessions(): Promise<number>;
}

interface Around {
  /** Where everything is mounted. */
  readonly mount?: string;
  readonly cookie?: SessionOptions["cookie"];
  /** In place of express-session. */
  readonly session?: RequestHandler;
  /** Routes of the test's own, after the middleware and before the errors. */
  readonly routes?: (app: Express) => unknown;
}

const open: AircallAuth[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((auth) => auth.close()));
});

/** Settings of an app at the simulator whose visitors connect their own company. */
export function getAndRefresh(simulator: Pick<Simulator, "oauth">, mount = "") {
  const callbackUrl = `${origin}${mount}/auth/aircall/callback`;
  return { ...simulator.oauth, callbackUrl, initiateOAuth: "GETANDREFRESH" } satisfies AircallAuthOptions;
}

/** An app as a developer writes it: `/calls` needs an account, `/open` merely uses one. */
export function createConnectedApp(options: AircallAuthOptions, around: Around = {}): ConnectedApp {
  const { mount = "", routes } = around;
  const store = new MemoryStore();
  const all = async () => (await promisify(store.all.bind(store))()) ?? {};
  const auth = aircallAuth(options);
  open.push(auth);

  const app = express();
  const settings = { secret: "a session secret", store, resave: false, saveUninitialized: false };
  app.use(around.session ?? session({ ...settings, ...(around.cookie && { cookie: around.cookie }) }));
  app.use(mount || "/", auth);
  app.get(`${mount}/calls`, requireAircall(), sendCalls);
  app.all(`${mount}/open`, sendCalls);
  app.get(`${mount}/account`, async (req, res) => void res.json(await req.aircall.account()));
  app.post(`${mount}/disconnect`, async (req, res) => {
    await req.aircall.disconnect();
    res.end();
  });
  routes?.(app);
  app.use(aircallErrors(), sendError);
  return {
    app,
    auth,
    sessions: async () => Object.keys(await all()).filter((id) => !id.startsWith("ac_companies_")).length,
  };
}

/** A browser that says it is at {@link origin}. */
export function browserAt({ app }: Pick<ConnectedApp, "app">): Browser {
  const browser = createBrowser(app);
  browser.agent.set("Host", new URL(origin).host);
  return browser;
}

/** Goes to sign in, consents at the simulator and comes back; answers the callback's response. */
export async function signIn(
  browser: Browser,
  simulator: Simulator,
  { at = "/auth/aircall", companyId }: { at?: string; companyId?: number } = {},
) {
  const sentAway = await browser.visit(at);
  const callback = simulator.consent(sentAway.headers["location"]!, companyId === undefined ? {} : { companyId });
  return browser.visit(pathOf(callback));
}

const sendCalls: RequestHandler = async (req, res) => {
  res.json({ calls: await countCalls(req.aircall) });
};

export async function countCalls(aircall: Pick<RequestAircall, "calls">): Promise<number> {
  return (await aircall.calls.list({ per_page: 5 })).items.length;
}

/** Shows the error as JSON. */
export const sendError: ErrorRequestHandler = (error: { status?: number }, _req, res, _next) => {
  res.status(error.status ?? 500).json(error);
};
