import { RedisStore } from "connect-redis";
import type { Express } from "express";
import session, { MemoryStore, type SessionOptions, type Store } from "express-session";
import { memoryGrants, redisGrants, sessionGrants, type AircallAuthOptions, type GrantStore } from "express-aircall";
import { browserAt, countCalls, createConnectedApp, getAndRefresh, signIn } from "../support/apps/connected-app";
import { moveTime } from "../support/moved-time";
import { describeWith } from "../support/programs";
import { startRedisGrants, type RedisGrants } from "../support/redis/redis-grants";
import { letRedisTimePass } from "../support/redis/redis-time";
import { startSimulator } from "../support/servers/simulated";

const time = moveTime();
const anHourMs = 3_600_000;
const aDayMs = 24 * anHourMs;
const aYearMs = 365 * aDayMs;
const holds = ["session", "company"] as const;

/** One of many stores in which sessions live for a day where the cookie says nothing. */
class DayStore extends MemoryStore {}

/** Keeps nothing longer than a month, whatever it is told. */
class MonthStore extends MemoryStore {
  override set(id: string, stored: session.SessionData, done?: (error?: unknown) => void): void {
    const capped = new Date(Math.min(stored.cookie.expires?.valueOf() ?? Infinity, Date.now() + 30 * aDayMs));
    super.set(id, { ...stored, cookie: { ...stored.cookie, expires: capped } }, done);
  }
}

interface Way {
  readonly store: () => Store;
  readonly session?: Partial<SessionOptions>;
  /** Set once the visitor has connected. */
  readonly rememberMs?: number;
  /** How long the session really lives unvisited. */
  readonly lifeMs: number;
}

const ways: [string, Way][] = [
  [
    "a rolling session",
    { store: () => new MemoryStore(), session: { rolling: true, cookie: { maxAge: anHourMs } }, lifeMs: anHourMs },
  ],
  ["a cookie without a life, in a store of a day", { store: () => new DayStore(), lifeMs: aDayMs }],
  ["a cookie without a life, in a store with an hour of its own", { store: () => withTtl(3_600), lifeMs: anHourMs }],
  ["a cookie without a life, in a store whose ttl is a function", { store: () => withTtl(() => 60), lifeMs: 60_000 }],
  [
    '"remember me", set after signing in',
    { store: () => new DayStore(), rememberMs: 30 * aDayMs, session: { rolling: true }, lifeMs: 30 * aDayMs },
  ],
];

function withTtl(ttl: unknown): Store {
  return Object.assign(new DayStore(), { ttl });
}

describe.each(holds)('a grant with hold: "%s"', (hold) => {
  describe.each(ways)("under %s", (_, way) => {
    const kinds: [string, (store: Store) => GrantStore][] = [
      ["in memory", () => memoryGrants()],
      ["beside the sessions", (store) => sessionGrants(store)],
    ];

    it.each(kinds)("lives %s while visited, also where nothing of Aircall is used", async (_kind, keep) => {
      const world = await startVisited(hold, way, keep);
      const written = await world.visitFor(10 * way.lifeMs, { everyMs: 0.9 * way.lifeMs });
      expect(await world.connected()).toBe(true);
      expect(written).toBeLessThanOrEqual(13);
    });

    it.each(kinds)("costs %s at most one write in a quarter of the session's life", async (_kind, keep) => {
      const world = await startVisited(hold, way, keep);
      const written = await world.visitFor(3 * way.lifeMs, { everyMs: way.lifeMs / 20 });
      expect(await world.connected()).toBe(true);
      expect(written).toBeLessThanOrEqual(13);
      expect(written).toBeGreaterThan(2);
    });

    it.each(kinds)("has %s ended by twice that life unvisited", async (_kind, keep) => {
      const world = await startVisited(hold, way, keep);
      await world.visitFor(way.lifeMs, { everyMs: way.lifeMs / 5 });
      time.pass(2 * way.lifeMs + 1_000);
      expect(await world.reachable()).toBe(false);
    });
  });

  it("lives in a store that caps every life, also that of a session of a year", async () => {
    const cap = 30 * aDayMs;
    const way = {
      store: () => new MonthStore(),
      session: { rolling: true, cookie: { maxAge: aYearMs } },
      lifeMs: aYearMs,
    };
    const world = await startVisited(hold, way, (store) => sessionGrants(store, { longestLifeMs: cap }));
    const written = await world.visitFor(300 * aDayMs, { everyMs: aDayMs });
    expect(await world.connected()).toBe(true);
    expect(written).toBeLessThanOrEqual(300 / (15 / 4) + 2);
  });
});

describeWith("redis-server", "a grant in Redis", () => {
  let redis: RedisGrants;
  beforeAll(async () => (redis = await startRedisGrants()));
  afterEach(() => redis.inside.flushAll());
  afterAll(() => redis.close());

  type Client = Awaited<ReturnType<RedisGrants["connect"]>>;
  const inRedis: [string, number, (client: Client) => Omit<Way, "lifeMs">][] = [
    ["connect-redis and its day", aDayMs, (client) => ({ store: () => new RedisStore({ client }) })],
    ["a ttl in seconds", anHourMs, (client) => ({ store: () => new RedisStore({ client, ttl: 3_600 }) })],
    ["a ttl that is a function", 60_000, (client) => ({ store: () => new RedisStore({ client, ttl: () => 60 }) })],
    [
      "a rolling cookie",
      anHourMs,
      (client) => ({
        store: () => new RedisStore({ client, ttl: 60 }),
        session: { rolling: true, cookie: { maxAge: anHourMs } },
      }),
    ],
  ];

  describe.each(holds)('with hold: "%s"', (hold) => {
    it.each(inRedis)("lives as long as its session is visited, under %s, and ends after it", async (_, lifeMs, way) => {
      const client = await redis.connect();
      const pass = async (ms: number) => {
        time.pass(ms);
        await letRedisTimePass((script, ms) => redis.inside.eval(script, { keys: [], arguments: [ms] }), ms);
      };
      const world = await startVisited(hold, { ...way(client), lifeMs }, () => redisGrants(client), pass);
      const written = await world.visitFor(10 * lifeMs, { everyMs: 0.8 * lifeMs });
      expect(await world.connected()).toBe(true);
      expect(written).toBeLessThanOrEqual(15);

      await pass(2 * lifeMs + 1_000);
      expect(await world.reachable()).toBe(false);
    });
  });
});

describe("jobs", () => {
  async function startJobs(hold: "session" | "company", options: Partial<AircallAuthOptions> = {}) {
    const simulator = await startSimulator();
    const kept = watched(memoryGrants());
    const cookie = { maxAge: anHourMs };
    const app = createConnectedApp({ ...getAndRefresh(simulator), grants: kept.grants, hold, ...options }, { cookie });
    const companyId = simulator.companies[0].id;
    const job = () => countCalls(app.auth.clientFor(companyId)).catch((error: { code: string }) => error.code);
    return { simulator, app, kept, job, companyId };
  }

  it("keep a session's grant no longer than its session", async () => {
    const { simulator, app, kept, job } = await startJobs("session");
    for (let n = 0; n < 3; n += 1) await signIn(browserAt(app), simulator);
    const before = kept.written();
    for (let n = 0; n < 3; n += 1) {
      expect(await job()).toBe(5);
      time.pass(0.6 * anHourMs);
    }
    time.pass(anHourMs);
    expect(await job()).toBe("not_connected");
    expect(kept.written()).toBe(before);
  });

  it("keep the company's grant that they use, for years, with a write in a quarter of a year", async () => {
    const { simulator, app, kept, job } = await startJobs("company");
    await signIn(browserAt(app), simulator);
    for (let n = 0; n < 12; n += 1) {
      time.pass(1.9 * aYearMs);
      expect(await job()).toBe(5);
    }
    const before = kept.written();
    for (let n = 0; n < 12; n += 1) {
      time.pass(aYearMs / 12);
      expect(await job()).toBe(5);
    }
    expect(kept.written() - before).toBeLessThanOrEqual(4);
    time.pass(2 * aYearMs + 1);
    expect(await job()).toBe("not_connected");
  });

  it("and requests of a company that the app names keep it alike, while looking for it keeps nothing", async () => {
    const company: AircallAuthOptions["company"] = (req) => Number(req.get("x-company")) || null;
    const { simulator, app, kept, companyId } = await startJobs("company", { company });
    const ask = (path: string) => browserAt(app).agent.get(path).set("X-Company", String(companyId));
    await signIn(browserAt(app), simulator);
    for (let n = 0; n < 4; n += 1) {
      time.pass(1.9 * aYearMs);
      expect((await ask("/calls")).status).toBe(200);
    }
    const before = kept.written();
    time.pass(aYearMs);
    expect((await ask("/account")).body).toMatchObject({ id: companyId });
    expect(kept.written()).toBe(before);
  });

  it("wait for no store to write that a grant was used, and fail where it does not", async () => {
    const { simulator, app, kept, job } = await startJobs("company");
    await signIn(browserAt(app), simulator);
    kept.break();
    expect(await job()).toBe(5);
    expect(await job()).toBe(5);
    expect(kept.written()).toBeGreaterThanOrEqual(2);
  });
});

/** Counts how often a store is asked to prolong. */
function watched(store: GrantStore) {
  let written = 0;
  let broken = false;
  const grants: GrantStore = {
    ...store,
    prolong(...args) {
      written += 1;
      return broken ? Promise.reject(new Error("READONLY")) : store.prolong(...args);
    },
  };
  return { grants, written: () => written, break: () => void (broken = true) };
}

async function startVisited(
  hold: "session" | "company",
  { store, session: settings, rememberMs }: Way | Omit<Way, "lifeMs">,
  keep: (store: Store) => GrantStore,
  pass: (ms: number) => unknown = time.pass,
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
      }
      return kept.written() - before;
    },
  };
}
