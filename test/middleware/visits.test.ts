import { RedisStore } from "connect-redis";
import session, { MemoryStore, type Store } from "express-session";
import { memoryGrants, redisGrants, sessionGrants, type AircallAuthOptions, type GrantStore } from "express-aircall";
import { browserAt, signIn } from "../support/apps/connected-app";
import { anHourMs, startJobs, startVisited, type Way } from "../support/apps/visited-app";
import { moveTime } from "../support/moved-time";
import { describeOnEveryStore } from "../support/every-store";
import { describeWith } from "../support/programs";
import { startRedisGrants, type RedisGrants } from "../support/redis/redis-grants";
import { letRedisTimePass } from "../support/redis/redis-time";

const time = moveTime();
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
      const world = await startVisited(hold, way, { keep, pass: time.pass });
      const written = await world.visitFor(10 * way.lifeMs, { everyMs: 0.9 * way.lifeMs });
      expect(await world.connected()).toBe(true);
      expect(written).toBeLessThanOrEqual(13);
    });

    it.each(kinds)("costs %s at most one write in a quarter of the session's life", async (_kind, keep) => {
      const world = await startVisited(hold, way, { keep, pass: time.pass });
      const written = await world.visitFor(3 * way.lifeMs, { everyMs: way.lifeMs / 20 });
      expect(await world.connected()).toBe(true);
      expect(written).toBeLessThanOrEqual(13);
      expect(written).toBeGreaterThan(2);
    });

    it.each(kinds)("has %s ended by twice that life unvisited", async (_kind, keep) => {
      const world = await startVisited(hold, way, { keep, pass: time.pass });
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
    const world = await startVisited(hold, way, {
      keep: (store) => sessionGrants(store, { longestLifeMs: cap }),
      pass: time.pass,
    });
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
      const world = await startVisited(hold, way(client), { keep: () => redisGrants(client), pass });
      const written = await world.visitFor(10 * lifeMs, { everyMs: 0.8 * lifeMs });
      expect(await world.connected()).toBe(true);
      expect(written).toBeLessThanOrEqual(15);

      await pass(2 * lifeMs + 1_000);
      expect(await world.reachable()).toBe(false);
    });
  });
});

describeOnEveryStore("a grant", (open) => {
  it.each(holds)('with hold: "%s" lives while its session is visited, and no longer than twice that', async (hold) => {
    const { grants, pass } = await open();
    const cookie = { maxAge: anHourMs };
    const passAll = async (ms: number) => (time.pass(ms), await pass(ms));
    const way = { store: () => new MemoryStore(), session: { rolling: true, cookie } };
    const world = await startVisited(hold, way, { keep: () => grants, pass: passAll });
    const written = await world.visitFor(10 * anHourMs, { everyMs: 0.9 * anHourMs });
    expect([await world.connected(), written <= 13]).toEqual([true, true]);

    await passAll(1.5 * anHourMs);
    expect([await world.connected(), await world.reachable()]).toEqual([false, true]);
    await passAll(0.5 * anHourMs + 1_000);
    expect(await world.reachable()).toBe(false);
  });

  it("is prolonged by no job that looks for it, and for years by one that works with the company's", async () => {
    const { grants, pass } = await open();
    const passAll = async (ms: number) => (time.pass(ms), await pass(ms));
    const { simulator, app, kept, job } = await startJobs("company", { grants });
    await signIn(browserAt(app), simulator);
    for (let n = 0; n < 3; n += 1) {
      await passAll(1.9 * aYearMs);
      expect(await job()).toBe(5);
      await kept.settled();
    }
    const before = kept.written();
    await passAll(1.9 * aYearMs);
    for await (const { state } of app.auth.companies()) expect(state).toBe("active");
    expect(kept.written()).toBe(before);
    await passAll(0.2 * aYearMs);
    expect(await job()).toBe("not_connected");
  });
});

describe("jobs", () => {
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
