import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express, { type ErrorRequestHandler, type Express } from "express";
import session, { MemoryStore, type SessionOptions, type Store } from "express-session";
import { createSimulator, type Simulator, type SimulatorOptions } from "express-aircall/simulator";
import { Agent } from "undici";
import { createVisitor, type Answer, type Visitor } from "../browser/visitor";

export const callbackPath = "/auth/aircall/callback";

export interface SignInAppOptions {
  readonly simulator?: SimulatorOptions;
  readonly session?: Partial<SessionOptions>;
  readonly store?: Store;
  /** Mounted after everything else. Default: `{ code, message }` in JSON. */
  readonly errors?: ErrorRequestHandler | null;
}

export interface SignInApp {
  readonly origin: string;
  readonly simulator: Simulator;
  /** A fresh browser. */
  visitor(): Visitor;
  /** Goes to sign in and consents: the path of the callback, not yet visited. */
  consent(visitor: Visitor, path?: string): Promise<string>;
  /** The whole way; the answer to the callback. */
  signIn(visitor: Visitor, path?: string): Promise<Answer>;
  /** How many documents the session store holds: sessions, and what the library keeps beside them. */
  stored(): Promise<{ sessions: number; records: number }>;
}

export type Settings = Simulator["oauth"] & { readonly callbackUrl: string };
type Wire = (app: Express, settings: Settings) => void;

/** Starts Express apps with sessions, each before a simulator of its own; they end after each test, or when told. */
export function useSignInApps(lifetime: typeof afterEach = afterEach) {
  const closers: (() => unknown)[] = [];
  lifetime(async () => {
    await Promise.all(closers.splice(0).map((close) => close()));
  });

  return async function start(wire: Wire, options: SignInAppOptions = {}): Promise<SignInApp> {
    const { store = new MemoryStore(), errors = answerAsJson } = options;
    const simulator = createSimulator({ kind: true, rateLimit: 1_000_000, callsPerDay: 0, ...options.simulator });
    await simulator.listen();
    const app = express();
    const server = createServer(app).listen(0, "127.0.0.1");
    await once(server, "listening");
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const agent = new Agent({ connections: 50 });
    closers.push(async () => {
      await agent.close();
      server.closeAllConnections();
      server.close();
      await simulator.close();
    });

    app.use(session({ secret: "for tests only", resave: false, saveUninitialized: false, store, ...options.session }));
    wire(app, { ...simulator.oauth, callbackUrl: origin + callbackPath });
    if (errors) app.use(errors);

    async function consent(browser: Visitor, path = "/auth/aircall"): Promise<string> {
      const { location } = await browser.visit(path);
      return simulator.consent(location).slice(origin.length);
    }

    return {
      origin,
      simulator,
      visitor: () => createVisitor(origin, agent),
      consent,
      signIn: async (browser, path) => browser.visit(await consent(browser, path)),
      stored: () => countDocuments(store),
    };
  };
}

const answerAsJson: ErrorRequestHandler = (error: Error & { status?: number; code?: string }, _req, res, _next) => {
  res.status(error.status ?? 500).json({ code: error.code ?? error.name, message: error.message });
};

function countDocuments(store: Store): Promise<{ sessions: number; records: number }> {
  return new Promise((resolve, reject) => {
    store.all?.((error: unknown, documents) => {
      if (error) return reject(error);
      const keys = Object.keys(documents ?? {});
      const records = keys.filter((key) => /^ac_[\w-]{32}$/.test(key)).length;
      const sessions = keys.filter((key) => !key.startsWith("ac_")).length;
      resolve({ sessions, records });
    });
  });
}
