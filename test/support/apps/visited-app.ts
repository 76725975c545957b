import type { Express } from "express";
import session, { type SessionOptions, type Store } from "express-session";
import { memoryGrants, type AircallAuthOptions, type GrantStore } from "express-aircall";
import { startSimulator } from "../servers/simulated";
import { browserAt, countCalls, createConnectedApp, getAndRefresh, signIn } from "./connected-app";

export const anHourMs = 3_600_000;

export interface Way {
  readonly store: () => Store;
  readonly session?: Partial<SessionOptions>;
  /** Set once the visitor has connected. */
  readonly rememberMs?: number;
  /** How long the session really lives unvisited. */
  readonly lifeMs: number;
}

interface Keeping {
  /** The grants, of an app with these sessions. */
  readonly keep: (store: Store) => GrantStore;
  /** Makes time pass for all of it. */
  readonly pass: (ms: number) => unknown;
}

/** A visitor who has connected, in an app that keeps its sessions in this way. */
export async function startVisited(
  hold: "session" | "company",
  { store, session: settings, rememberMs }: Omit<Way, "lifeMs">,
  { keep, pass }: Keeping,
) {
  const simulator = await startSimulator();
  const sessionStore = store();
  const kept = watched(keep(sessionStore));
  const app = createConnectedApp(
    { ...getAndRefresh(simulator), grants: kept.grants, hold },
    {
      session: session({ secret: "s", store: sessionStore, resave: false, saveUninitialized: false, ...settings }),
      routes: (routes: Express) => {
        routes.get("/plain", (_req, res) => void res.send("a page"));
        routes.get("/remember", (req, res) => {
          req.session.cookie.maxAge = rememberMs!;
          res.end();
        });
        routes.get(
          "/link",
          (req, res) => void res.json((req.session as { "express-aircall"?: unknown })["express-aircall"]),
        );
      },
    },
  );
  const browser = browserAt(app);
  await signIn(browser, simulator);
  if (rememberMs !== undefined) await browser.visit("/remember");
  const [{ id, link }] = Object.values(
    (await browser.visit("/link")).body as Record<string, [Record<string, string>]>,
  )[0]!;

  return {
    connected: async () => (await browser.visit("/account")).body !== null,
    /** Whether the session's link leads to a grant, if anybody still had that session. */
    reachable: async () => (await kept.grants.get(id!, link)) !== null,
    /** Answers how often the store was written to. */
    async visitFor(ms: number, { everyMs }: { everyMs: number }): Promise<number> {
      const before = kept.written();
      for (let passed = 0; passed < ms; passed += everyMs) {
        await pass(everyMs);
        await browser.visit("/plain");
        await kept.settled();
      }
      return kept.written() - before;
    },
  };
}

/** An app whose jobs work for the first company. */
export async function startJobs(
  hold: "session" | "company",
  { grants = memoryGrants(), ...options }: Partial<AircallAuthOptions> = {},
) {
  const simulator = await startSimulator();
  const kept = watched(grants);
  const cookie = { maxAge: anHourMs };
  const app = createConnectedApp({ ...getAndRefresh(simulator), grants: kept.grants, hold, ...options }, { cookie });
  const companyId = simulator.companies[0].id;
  const job = () => countCalls(app.auth.clientFor(companyId)).catch((error: { code: string }) => error.code);
  return { simulator, app, kept, job, companyId };
}

/** Counts how often a store is asked to prolong. */
function watched(store: GrantStore) {
  let written = 0;
  let broken = false;
  let last: Promise<unknown> = Promise.resolve();
  const grants: GrantStore = {
    ...store,
    prolong(...args) {
      written += 1;
      const prolonged = broken ? Promise.reject(new Error("READONLY")) : store.prolong(...args);
      last = prolonged.catch(() => undefined);
      return prolonged;
    },
  };
  return { grants, written: () => written, settled: () => last, break: () => void (broken = true) };
}
