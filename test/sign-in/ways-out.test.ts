import { once } from "node:events";
import { RedisStore } from "connect-redis";
import type { Express, Request, RequestHandler, Response } from "express";
import { MemoryStore, type Store } from "express-session";
import { aircallAuth, guardSessionStore, type AircallAuthOptions, type GrantStore } from "express-aircall";
import { createClient } from "redis";
import { createPassport } from "../support/apps/passport";
import { describeOnEveryStore } from "../support/every-store";
import { describeWith } from "../support/programs";
import { rounds } from "../support/promised";
import { startRedisServer, type RedisServer } from "../support/redis/redis-server";
import { useSignInApps, type Settings } from "../support/apps/sign-in-app";
import type { Visitor } from "../support/browser/visitor";

const start = useSignInApps();
type Hold = NonNullable<AircallAuthOptions["hold"]>;
type End = (req: Request, res: Response) => unknown;

const done = (res: Response) => (error?: unknown) => void (error ? res.status(500).end() : res.end("done"));
const ada = { id: "ada" };

/** Each way in which a session ends, or becomes somebody else's. */
const waysOut: [way: string, end: End][] = [
  ["req.aircall.disconnect()", (req, res) => req.aircall.disconnect().then(() => res.end())],
  ["Passport's logout", (req, res) => req.logout(done(res))],
  ["Passport's logout with keepSessionInfo", (req, res) => req.logout({ keepSessionInfo: true }, done(res))],
  ["Passport's plain login", (req, res) => req.login(ada, done(res))],
  ["session.destroy()", (req, res) => req.session.destroy(done(res))],
  ["session.destroy() that nobody waits for", (req, res) => (req.session.destroy(() => undefined), res.end())],
  [
    "session.destroy() without a callback",
    (req, res) => ((req.session as unknown as { destroy(): void }).destroy(), res.end()),
  ],
  ["session.destroy() after a reload", (req, res) => req.session.reload(() => req.session.destroy(done(res)))],
  ["session.regenerate()", (req, res) => req.session.regenerate(done(res))],
  ["session.regenerate() that copies the app's keys", regenerateAndCopy],
];

function regenerateAndCopy(req: Request, res: Response): void {
  const { cookie: _cookie, ...content } = req.session;
  req.session.regenerate(() => {
    Object.assign(req.session, content);
    req.session.save(done(res));
  });
}

/** The guarded store's own ways. */
const storeWaysOut: [way: string, end: End][] = [
  ["store.destroy()", (req, res) => void req.sessionStore.destroy(req.session.id, done(res))],
  ['req.session = null with unset: "destroy"', (req, res) => (Object.assign(req, { session: null }), res.end())],
];

/** Where sessions are kept, and grants where that is not beside them. */
interface Kept {
  readonly store: Store;
  readonly grants?: GrantStore;
}

interface App {
  readonly visitor: () => Visitor;
  readonly signIn: (visitor: Visitor) => Promise<unknown>;
  readonly stored: () => Promise<{ records: number }>;
  /** A request that has its session, and saves it when it is told to. */
  slow(visitor: Visitor): Promise<() => Promise<void>>;
}

/** An app with a route for each way, and `/slow`, which writes its session back after all that came meanwhile. */
async function startApp(hold: Hold, { store, grants }: Kept, ways: [string, End][]): Promise<App> {
  const gate = { open: () => undefined as unknown, arrived: () => undefined as unknown };
  const slowly: RequestHandler = (req, res) => {
    gate.open = () => {
      Object.assign(req.session ?? {}, { written: Math.random() });
      if (req.session) req.session.save(() => res.end());
      else res.end();
    };
    gate.arrived();
  };
  const wire = (app: Express, settings: Settings) => {
    const passport = createPassport();
    app.use(passport.session());
    app.use(aircallAuth({ ...settings, hold, grants, initiateOAuth: "GETANDREFRESH" }));
    app.get("/me", async (req, res) => void res.json(await req.aircall.account()));
    app.get("/slow", slowly);
    app.post("/keep", (req, res) => req.login(ada, { session: true, keepSessionInfo: true }, done(res)));
    for (const [index, [, end]] of ways.entries()) app.post(`/out/${index}`, end);
  };
  const app = await start(wire, { store, session: { unset: "destroy" } });

  return {
    ...app,
    async slow(visitor) {
      const arrived = new Promise<void>((resolve) => (gate.arrived = () => resolve()));
      const answer = visitor.copy().visit("/slow");
      await arrived;
      return async () => {
        gate.open();
        await answer;
      };
    },
  };
}

async function accountOf(visitor: Visitor): Promise<unknown> {
  return JSON.parse((await visitor.visit("/me")).text);
}

const times = rounds(1, 1_000);
jest.setTimeout(240_000 * times);

/** Out by each way, while a request is under way that saves the session afterwards: what different ends that had. */
async function leaveByEach(hold: Hold, kept: Kept, ways: [string, End][]) {
  const app = await startApp(hold, kept, ways);
  const left: Record<string, string[]> = {};
  for (const [index, [way]] of ways.entries()) {
    const ends = new Set<string>();
    for (let round = 0; round < times; round += 1) ends.add(JSON.stringify(await leave(app, `/out/${index}`)));
    left[way] = [...ends];
  }
  return left;
}

/** How the way out was answered, and whom the session knows: afterwards, and once it was written back. */
async function leave(app: App, path: string): Promise<unknown[]> {
  const visitor = app.visitor();
  await app.signIn(visitor);
  expect(await accountOf(visitor)).not.toBeNull();
  const old = visitor.copy();
  const finish = await app.slow(visitor);
  const { status } = await visitor.visit(path, { method: "POST" });
  const after = await accountOf(old);
  await finish();
  return [status, after, await accountOf(old), await accountOf(visitor)];
}

const nothingLeft = (ways: [string, End][]) => Object.fromEntries(ways.map(([way]) => [way, ["[200,null,null,null]"]]));

describe.each<Hold>(["session", "company"])('every way out, with hold: "%s"', (hold) => {
  it("ends what the session held, whoever writes it back", async () => {
    expect(await leaveByEach(hold, { store: new MemoryStore() }, waysOut)).toEqual(nothingLeft(waysOut));
  });

  it("does so through a guarded store, also where only that is told", async () => {
    const all = [...waysOut, ...storeWaysOut];
    expect(await leaveByEach(hold, { store: guardSessionStore(new MemoryStore()) }, all)).toEqual(nothingLeft(all));
  });

  it("is not Passport's login with keepSessionInfo, after which the former session is worthless", async () => {
    const app = await startApp(hold, { store: new MemoryStore() }, []);
    const visitor = app.visitor();
    await app.signIn(visitor);
    const old = visitor.copy();
    const finish = await app.slow(visitor);
    await visitor.visit("/keep", { method: "POST" });
    await finish();

    expect(await accountOf(visitor)).not.toBeNull();
    expect(await accountOf(old)).toBeNull();
    await visitor.visit("/keep", { method: "POST" });
    expect(await accountOf(visitor)).not.toBeNull();
  });
});

it("leaves the company's grant to everybody else", async () => {
  const app = await startApp("company", { store: new MemoryStore() }, waysOut);
  const [one, other] = [app.visitor(), app.visitor()];
  await app.signIn(one);
  await app.signIn(other);
  for (const index of waysOut.keys()) {
    await one.visit(`/out/${index}`, { method: "POST" });
    expect(await accountOf(one)).toBeNull();
    expect(await accountOf(other)).not.toBeNull();
    await app.signIn(one);
  }
  expect((await app.stored()).records).toBeGreaterThan(0);
});

it("deletes the session's own grant", async () => {
  const app = await startApp("session", { store: new MemoryStore() }, waysOut);
  for (const index of waysOut.keys()) {
    const visitor = app.visitor();
    await app.signIn(visitor);
    expect((await app.stored()).records).toBe(1);
    await visitor.visit(`/out/${index}`, { method: "POST" });
    expect((await app.stored()).records).toBe(0);
  }
});

describeOnEveryStore("every way out", (open) => {
  it.each<Hold>(["session", "company"])('ends what the session held, with hold: "%s"', async (hold) => {
    const { grants } = await open();
    const all = [...waysOut, ...storeWaysOut];
    expect(await leaveByEach(hold, { store: guardSessionStore(new MemoryStore()), grants }, all)).toEqual(
      nothingLeft(all),
    );
  });
});

describeWith("redis-server", "sessions and grants in one Redis", () => {
  let server: RedisServer;
  const clients: ReturnType<typeof createClient>[] = [];

  beforeAll(async () => (server = await startRedisServer()));
  afterAll(async () => {
    for (const client of clients) client.destroy();
    await server.close();
  });

  async function redisStore(): Promise<Store> {
    const client = createClient({ url: server.url });
    clients.push(client);
    client.connect().catch(() => undefined);
    await once(client, "ready");
    return guardSessionStore(new RedisStore({ client }));
  }

  it.each<Hold>(["session", "company"])('every way out ends what the session held, with hold: "%s"', async (hold) => {
    const all = [...waysOut, ...storeWaysOut];
    expect(await leaveByEach(hold, { store: await redisStore() }, all)).toEqual(nothingLeft(all));
  });
});
