import { RedisStore } from "connect-redis";
import express from "express";
import session from "express-session";
import { createClient } from "redis";
import request from "supertest";
import { aircallAuth, createAircallClient, redisGrants, type AircallAuth } from "express-aircall";
import type { Simulator } from "express-aircall/simulator";
import { describeWith } from "../support/programs";
import { startRedisServer, type RedisServer } from "../support/redis/redis-server";
import { startSimulator } from "../support/servers/simulated";

const sessionSettings = { secret: "a session secret", resave: false, saveUninitialized: false };

describeWith("redis-server", "the request budget of an app in several processes", () => {
  let server: RedisServer;
  let client: ReturnType<typeof createClient>;
  const auths: AircallAuth[] = [];

  beforeAll(async () => (server = await startRedisServer()));
  afterAll(() => server.close());
  beforeEach(async () => {
    client = createClient({ url: server.url });
    await client.connect();
    await client.flushAll();
  });
  afterEach(async () => {
    await Promise.all(auths.splice(0).map((auth) => auth.close()));
    await client.close();
  });

  function createApp(auth: AircallAuth, store: session.Store) {
    auths.push(auth);
    const app = express();
    app.use(session({ ...sessionSettings, store }), auth);
    return app.get("/", async (req, res) => void res.json(await req.aircall.ping()));
  }

  it.each<[string, () => object]>([
    ["the sessions are", () => ({})],
    ["grants are", () => ({ grants: redisGrants(client) })],
  ])("is counted in the Redis where %s", async (_where, more) => {
    const simulator = await startSimulator({ kind: true, rateLimit: 4 });
    const store = () => ("grants" in more() ? new session.MemoryStore() : new RedisStore({ client }));
    const apps = [1, 2].map(() => createApp(aircallAuth({ ...simulator.basic, ...more() }), store()));

    for (const app of apps) await request(app).get("/").expect(200);
    for (let i = 0; i < 2; i++) await request(apps[0]!).get("/").expect(200);
    // The second has seen Aircall's headers once only, long before the budget was used up.
    await request(apps[1]!).get("/").expect(429);
    expect(simulator.counts).toMatchObject({ requests: 4, limited: 0 });
  });

  it.each([
    ["all visitors, with sessions in Redis", () => ({ store: new RedisStore({ client }), more: {} })],
    [
      "all visitors, with grants in Redis",
      () => ({ store: new session.MemoryStore(), more: { grants: redisGrants(client) } }),
    ],
  ])("is one for the processes of an app with one access token for %s", async (_where, place) => {
    const simulator = await startSimulator({ kind: true, rateLimit: 4 });
    const settings = tokenOf(simulator);
    const apps = [place(), place()].map(({ store, more }) => createApp(aircallAuth({ ...settings, ...more }), store));

    for (const app of apps) await request(app).get("/").expect(200);
    for (let i = 0; i < 2; i++) await request(apps[0]!).get("/").expect(200);
    await request(apps[1]!).get("/").expect(429);
    expect(simulator.counts).toMatchObject({ requests: 4, limited: 0 });
  });

  it.each([
    ["an API key", (simulator: Simulator) => simulator.basic],
    ["an access token", (simulator: Simulator) => tokenOf(simulator)],
  ])("is shared by scripts that are given the Redis, with %s", async (_what, settingsFor) => {
    const simulator = await startSimulator({ kind: true, rateLimit: 4 });
    const settings = settingsFor(simulator);
    const app = createApp(aircallAuth({ ...settings, grants: redisGrants(client) }), new session.MemoryStore());
    const scripts = [1, 2].map(() => createAircallClient({ ...settings, redis: client }));

    for (const script of scripts) await script.ping();
    for (let i = 0; i < 2; i++) await request(app).get("/").expect(200);
    await expect(scripts[1]!.ping()).rejects.toMatchObject({ code: "rate_limited" });
    expect(simulator.counts).toMatchObject({ requests: 4, limited: 0 });
    await Promise.all(scripts.map((script) => script.close()));
  });

  it("lies beside the grants, under their prefix", async () => {
    const simulator = await startSimulator({ kind: true });
    const grants = redisGrants(client, { prefix: "calls:" });
    await request(createApp(aircallAuth({ ...simulator.basic, grants }), new session.MemoryStore()))
      .get("/")
      .expect(200);

    const keys = await client.keys("*");
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.filter((key) => !key.startsWith("calls:"))).toEqual([]);
  });

  it.each([
    ["sessions", () => ({ store: new RedisStore({ client }), more: {} })],
    ["grants", () => ({ store: new session.MemoryStore(), more: { grants: redisGrants(client) } })],
  ])("is where they also take turns with what only one may do, with %s in Redis", async (_where, place) => {
    const simulator = await startSimulator({ searchLagSeconds: 3_600 });
    const { contacts } = simulator.companies[0];
    const before = contacts.length;
    const apps = [place(), place()].map(({ store, more }) =>
      createApp(aircallAuth({ ...simulator.basic, ...more }), store).get("/upsert", async (req, res) => {
        res.json(await req.aircall.contacts.upsertByPhone("+33199001234", { last_name: "Berg" }));
      }),
    );
    const answers = await Promise.all([...apps, ...apps].map((app) => request(app).get("/upsert").expect(200)));

    expect([contacts.length - before, new Set(answers.map(({ body }) => (body as { id: number }).id)).size]).toEqual([
      1, 1,
    ]);
    expect((await client.keys("*")).join()).not.toMatch(/1990012/);
  });

  it("is shared by the jobs of a process that serves no request", async () => {
    const simulator = await startSimulator({ kind: true, rateLimit: 4 });
    const workers = [1, 2].map(() => {
      const auth = aircallAuth({ ...simulator.basic, grants: redisGrants(client) });
      auths.push(auth);
      return auth.clientFor(1);
    });

    for (const worker of workers) await worker.ping();
    for (let i = 0; i < 2; i++) await workers[0]!.ping();
    await expect(workers[1]!.ping()).rejects.toMatchObject({ code: "rate_limited" });
    expect(simulator.counts).toMatchObject({ requests: 4, limited: 0 });
  });

  it("is found by the first request that has a session, whatever comes before it", async () => {
    const simulator = await startSimulator({ kind: true, rateLimit: 4 });
    const apps = [1, 2].map(() => {
      const auth = aircallAuth(simulator.basic);
      auths.push(auth);
      const sessions = session({ ...sessionSettings, store: new RedisStore({ client }) });
      const app = express().get("/healthz", auth, (_req, res) => void res.end());
      return app.get("/", sessions, auth, async (req, res) => void res.json(await req.aircall.ping()));
    });
    for (const app of apps) await request(app).get("/healthz").expect(200);
    for (const app of apps) await request(app).get("/").expect(200);
    for (let i = 0; i < 2; i++) await request(apps[0]!).get("/").expect(200);

    await request(apps[1]!).get("/").expect(429);
    expect(simulator.counts).toMatchObject({ requests: 4, limited: 0 });
  });

  it("is shared by a job that began before the first request showed where", async () => {
    const simulator = await startSimulator({ kind: true, rateLimit: 4 });
    const [early, other] = [aircallAuth(simulator.basic), aircallAuth(simulator.basic)];
    const job = early.clientFor(1);
    await job.ping();
    const apps = [early, other].map((auth) => createApp(auth, new RedisStore({ client })));
    for (const app of apps) await request(app).get("/").expect(200);
    await job.ping();

    await request(apps[1]!).get("/").expect(429);
    expect(simulator.counts).toMatchObject({ requests: 4, limited: 0 });
  });
});

function tokenOf(simulator: Simulator) {
  return { apiUrl: simulator.url, oauthAccessToken: simulator.issueToken().access_token };
}
