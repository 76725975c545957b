import { RedisStore } from "connect-redis";
import { RedisStore as RedisStore8 } from "connect-redis-8";
import express, { type ErrorRequestHandler, type Express } from "express";
import session, { type Store } from "express-session";
import {
  aircallAuth,
  guardSessionStore,
  redisGrants,
  requireAircall,
  saveSessionFirst,
  type AircallAuthOptions,
} from "express-aircall";
import type { Simulator } from "express-aircall/simulator";
import { Redis as IoRedis } from "ioredis";
import { createClient } from "redis";
import { createBrowser, pathOf, type Browser } from "../support/browser/browser";
import { getAndRefresh, origin } from "../support/apps/connected-app";
import { startHangingProxy, type HangingProxy } from "../support/redis/hanging-proxy";
import { describeWith } from "../support/programs";
import { startRedisServer, type RedisServer } from "../support/redis/redis-server";
import { startSimulator } from "../support/servers/simulated";

/** Times are promised on a machine that is not busy with something else. */
const full = process.env["SOAK"] === "1";
const longestMs = full ? 2_500 : Infinity;

interface World {
  readonly proxy: HangingProxy;
  readonly browser: Browser;
  readonly simulator: Simulator;
}

/** Each way to have Redis: with its client in sight of the session store, and without. */
const clients: Record<string, (port: number) => Promise<{ store: Store; options: Partial<AircallAuthOptions> }>> = {
  async "node-redis"(port) {
    const client = createClient({ url: `redis://127.0.0.1:${port}` }).on("error", () => undefined);
    open.push(() => client.destroy());
    await client.connect();
    return { store: new RedisStore({ client }), options: {} };
  },
  async ioredis(port) {
    const client = new IoRedis(port, { lazyConnect: true }).on("error", () => undefined);
    open.push(() => client.disconnect());
    await client.connect();
    return { store: new RedisStore8({ client }), options: { grants: redisGrants(client) } };
  },
};

const open: (() => unknown)[] = [];

/** What people do; each answers with the app's own words, whatever fails on the way. */
const deeds: Record<string, (world: World) => Promise<{ act: () => Promise<Answer> }>> = {
  async "a page view"(world) {
    await signIn(world);
    return { act: async () => world.browser.visit("/calls") };
  },
  async "a callback"({ browser, simulator }) {
    const callback = await consented(browser, simulator);
    return { act: async () => browser.visit(callback) };
  },
  async "a logout"(world) {
    await signIn(world);
    return { act: async () => world.browser.submit("/auth/aircall/logout") };
  },
};

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

jest.setTimeout(full ? 600_000 : 120_000);

describeWith("redis-server", "a Redis that hangs between any two calls of a request", () => {
  let redis: RedisServer;
  beforeAll(async () => (redis = await startRedisServer()));
  afterEach(async () => {
    await Promise.all(open.splice(0).map((close) => close()));
  });
  afterAll(() => redis.close());

  const ways = full
    ? Object.keys(clients).flatMap((client) => Object.keys(deeds).map((deed) => [deed, client] as const))
    : ([
        ["a callback", "node-redis"],
        ["a logout", "ioredis"],
      ] as const);

  it.each(ways)("costs %s over %s one wait, and the app gives the answer", async (deed, client) => {
    const simulator = await startSimulator({ callsPerDay: 0 });
    const healthy = await play(deed, client, simulator, (proxy) => proxy.hangAfter(Infinity));
    expect(healthy.answer.status).toBeLessThan(400);
    expect(healthy.commands).toBeGreaterThan(1);

    const hung = await inGroups(healthy.commands, (commands) =>
      play(deed, client, simulator, (proxy) => proxy.hangAfter(commands)),
    );
    for (const { answer, tookMs } of hung) {
      expect(answer).toMatchObject(answer.status < 400 ? {} : { status: 503, type: "application/json" });
      if (answer.status === 503) expect(JSON.parse(answer.text)).toMatchObject({ ours: true, code: "store_failed" });
      expect(tookMs).toBeLessThan(longestMs);
    }
    // The last command of all may be one that nobody waits for.
    expect(hung.filter(({ answer }) => answer.status === 503).length).toBeGreaterThanOrEqual(healthy.commands - 2);
  });

  it.each(ways)("lets slow answers hold up %s over %s no longer", async (deed, client) => {
    const simulator = await startSimulator({ callsPerDay: 0 });
    const { answer, tookMs } = await play(deed, client, simulator, (proxy) => proxy.slowDown(1_500));

    expect(JSON.parse(answer.text)).toMatchObject({ ours: true, code: "store_failed" });
    expect(tookMs).toBeLessThan(longestMs);
  });

  async function play(deed: string, client: string, simulator: Simulator, spoil: (proxy: HangingProxy) => void) {
    const proxy = await startHangingProxy(redis.port);
    open.push(() => proxy.close());
    const { store, options } = await clients[client]!(proxy.port);
    const app = createApp(store, { ...getAndRefresh(simulator), ...options });
    const browser = createBrowser(app);
    browser.agent.set("Host", new URL(origin).host);
    const { act } = await deeds[deed]!({ proxy, browser, simulator });
    spoil(proxy);
    const startedAt = performance.now();
    const { status, type, text } = await act();
    return { answer: { status, type, text }, tookMs: performance.now() - startedAt, commands: proxy.commands };
  }
});

function createApp(store: Store, options: AircallAuthOptions): Express {
  const auth = aircallAuth(options);
  open.push(() => auth.close());
  const settings = { secret: "s", store: guardSessionStore(store), resave: false, saveUninitialized: false };
  const app = express().use(session({ ...settings, cookie: { maxAge: 3_600_000 } }), saveSessionFirst());
  app.use((req, _res, next) => {
    Object.assign(req.session, { visits: Math.random() });
    next();
  });
  app.use(auth);
  app.get("/calls", requireAircall(), async (req, res) => void res.json(await req.aircall.accounts()));
  app.use(sayIt);
  return app;
}

const sayIt: ErrorRequestHandler = (error: { status?: number; code?: string }, _req, res, _next) => {
  res.status(error.status ?? 500).json({ ours: true, code: error.code ?? "unnamed" });
};

async function consented(browser: Browser, simulator: Simulator): Promise<string> {
  const { headers } = await browser.visit("/auth/aircall");
  return pathOf(simulator.consent(headers["location"]!));
}

async function signIn({ browser, simulator }: World): Promise<void> {
  await browser.visit(await consented(browser, simulator)).expect(302);
}

/** For each number below this one; so many at a time as a small machine bears. */
async function inGroups<T>(count: number, work: (n: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let begin = 0; begin < count; begin += 6) {
    const group = Array.from({ length: Math.min(6, count - begin) }, (_, index) => work(begin + index));
    results.push(...(await Promise.all(group)));
  }
  return results;
}
