import express, { type ErrorRequestHandler, type RequestHandler } from "express";
import session, { MemoryStore } from "express-session";
import request from "supertest";
import * as library from "express-aircall";
import { aircallAuth, aircallErrors, aircallWebhooks, requireAircall, saveSessionFirst } from "express-aircall";
import { NotConnectedError, memoryGrants, type GrantStore } from "express-aircall";
import { token, delivery } from "../webhooks/parse/deliveries";

const callbackUrl = "http://localhost:1234/auth/aircall/callback";
const oauth = { oauthClientId: "c", oauthClientSecret: "s", callbackUrl, initiateOAuth: "GETANDREFRESH" } as const;
const page = { "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", Host: "localhost:1234" };

/** Calls what Express 4 calls, which ignores what a handler answers: a promise that rejects ends the process there. */
async function ask(handlers: readonly unknown[], method: "get" | "post" = "get", path = "/", body?: object) {
  const answered: unknown[] = [];
  const app = express();
  for (const handler of handlers as RequestHandler[]) app.use(ignoring(handler, answered));
  const sendError: ErrorRequestHandler = (error: library.AircallError, _req, res, _next) => {
    res.status(555).json(error.code ?? String(error));
  };
  app.use(sendError);
  const asked = request(app)[method](path).set(page);
  const { status, body: code } = await (body ? asked.send(body) : asked);
  const rejected = (await Promise.allSettled(answered)).filter((one) => one.status === "rejected");
  return { status, code: code as unknown, rejected };
}

function ignoring(handler: RequestHandler, answered: unknown[]): RequestHandler {
  const call = (...args: unknown[]) => void answered.push(Reflect.apply(handler, null, args));
  if (handler.length !== 4) return (req: unknown, res: unknown, next: unknown) => call(req, res, next);
  const onError: ErrorRequestHandler = (error, req, res, next) => call(error, req, res, next);
  return onError as unknown as RequestHandler;
}

const broken = new Error("the store is gone");
const gone = () => Promise.reject(broken);

function brokenGrants(): GrantStore {
  return { ...memoryGrants(), get: gone, idsOf: gone, claim: gone, create: gone };
}

class BrokenStore extends MemoryStore {
  override set(_id: string, _session: unknown, done?: (error?: unknown) => void): void {
    done?.(broken);
  }
}

const sessions = (store = new MemoryStore()) =>
  session({ store, secret: "a session secret", resave: false, saveUninitialized: false });
const answerIt: RequestHandler = (_req, res) => void res.json("answered");
const held = { ...oauth, grants: brokenGrants(), hold: "company", company: () => 7 } as const;
const fails: RequestHandler = (_req, _res, next) => next(new NotConnectedError());
const changes: RequestHandler = (req, _res, next) => {
  Object.assign(req.session, { seen: true });
  next();
};

/** Every function the library exports that Express calls, failing where it is asynchronous. */
const middlewares: [name: keyof typeof library, where: string, asked: () => ReturnType<typeof ask>][] = [
  ["aircallAuth", "begins without a session", () => ask([aircallAuth(oauth)], "get", "/auth/aircall")],
  [
    "aircallAuth",
    "ends a forged sign-in",
    () => ask([sessions(), aircallAuth(oauth)], "get", "/auth/aircall/callback"),
  ],
  ["aircallAuth", "signs out without a session", () => ask([aircallAuth(oauth)], "post", "/auth/aircall/logout")],
  ["requireAircall", "cannot read the grant", () => ask([sessions(), aircallAuth(held), requireAircall(), answerIt])],
  ["requireAircall", "stands alone", () => ask([requireAircall(), answerIt])],
  ["aircallErrors", "cannot read the grant", () => ask([sessions(), aircallAuth(held), fails, aircallErrors()])],
  ["saveSessionFirst", "cannot save", () => ask([sessions(new BrokenStore()), saveSessionFirst(), changes, answerIt])],
  ["aircallWebhooks", "gets a forged event", () => ask([webhooks()], "post", "/events", delivery({ token: "forged" }))],
];

function webhooks() {
  const auth = aircallAuth({ user: "id", password: "secret" });
  return aircallWebhooks({ auth, path: "/events", tokens: [token], onAny: () => undefined });
}

describe("on Express 4, which hands no rejection on,", () => {
  it.each(middlewares)("%s answers or tells next where it %s", async (_name, _where, asked) => {
    const { status, rejected } = await asked();
    expect(status).toBeGreaterThanOrEqual(400);
    expect(rejected).toEqual([]);
  });

  it("that holds for every middleware there is", () => {
    const others = "guardSessionStore classicVerify createAircallClient formatConnectionString parseConnectionString ";
    const stores = "fileGrants memoryGrants migrateGrants postgresGrants redisGrants sessionGrants";
    const functions = Object.keys(library).filter((name) => /^[a-z]/.test(name));
    const tried = new Set<string>(middlewares.map(([name]) => name));
    expect(functions.filter((name) => !tried.has(name)).sort()).toEqual((others + stores).split(" ").sort());
  });
});
