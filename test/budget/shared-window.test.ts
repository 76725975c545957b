import IoRedis from "ioredis";
import { RateLimiterRedis } from "rate-limiter-flexible";
import { createClient, createClientPool, createCluster } from "redis";
import { type Budgets, createBudgets } from "../../src/budget/budget";
import { createSharedWindow } from "../../src/budget/shared-window";
import { describeWith } from "../support/programs";
import { startRedisCluster } from "../support/redis/redis-cluster";
import { startRedisServer, type RedisServer } from "../support/redis/redis-server";
import { ask, askMany, sending, type Asker } from "./askers";
import { promised } from "../support/promised";

const rate = (limit: number, remaining: number, resetInMs: number) => ({
  limit,
  remaining,
  resetAt: new Date(Date.now() + resetInMs),
});

const nothing = { limit: null, remaining: null, resetAt: null };

describeWith("redis-server", "budgets that share a Redis", () => {
  let server: RedisServer;
  let closers: (() => unknown)[];
  const unhandled: unknown[] = [];
  const noteUnhandled = (reason: unknown) => void unhandled.push(reason);

  beforeEach(async () => {
    server = await startRedisServer();
    closers = [];
    process.on("unhandledRejection", noteUnhandled);
  });
  afterEach(async () => {
    for (const close of closers.reverse()) await close();
    await server.close();
    process.off("unhandledRejection", noteUnhandled);
    expect(unhandled.splice(0)).toEqual([]);
  });

  async function connect() {
    const client = createClient({ url: server.url });
    client.on("error", () => undefined);
    closers.push(() => client.isOpen && client.destroy());
    return client.connect();
  }

  /** As one process has them, over a connection of its own. */
  async function budgetsOf(client?: unknown, limit = 60, windowMs = 60_000) {
    const counter = createSharedWindow(client ?? (await connect()));
    const budgets = createBudgets({ limit, windowMs, counter: () => counter });
    closers.push(() => budgets.close());
    return budgets;
  }

  it("never give out more than the limit together", async () => {
    const processes = await Promise.all([1, 2, 3, 4].map(() => budgetsOf()));
    const askers = processes.flatMap((budgets) => askMany(40, budgets, Date.now));
    await until(() => sending(askers) === 60);
    await pause(50);

    expect(sending(askers)).toBe(60);
  });

  it("leave room in a bulk walk for the interactive requests of another process", async () => {
    const [walker, other] = [await budgetsOf(), await budgetsOf()];
    const walk = askMany(100, walker, Date.now, { lane: "bulk" });
    await until(() => sending(walk) >= 30);
    const clicks = askMany(10, other, Date.now);

    expect(await until(() => sending(clicks) === 10)).toBe(true);
    expect(sending(walk)).toBe(30);
  });

  it("share a window fairly among processes that walk at once", async () => {
    const processes = await Promise.all([1, 2, 3].map(() => budgetsOf()));
    const walks = processes.map((budgets) => askMany(60, budgets, Date.now, { lane: "bulk" }));
    await until(() => sending(walks.flat()) >= 30);

    for (const walk of walks) expect(sending(walk)).toBeGreaterThanOrEqual(5);
  });

  it("all wait when one of them is answered 429", async () => {
    const [one, other] = [await budgetsOf(), await budgetsOf()];
    const [first] = await sent(askMany(1, one, Date.now));
    first!.turn!.done(rate(60, 0, 700), 700);
    await pause(50);
    const startedAt = performance.now();
    const [next] = await sent(askMany(1, other, Date.now));

    expect(next!.state).toBe("sends");
    expect(performance.now() - startedAt).toBeGreaterThan(500);
  });

  it("all hear what other apps have used, and when the window ends", async () => {
    const [one, other] = [await budgetsOf(), await budgetsOf()];
    const [first] = await sent(askMany(1, one, Date.now));
    first!.turn!.done(rate(60, 9, 20_000));
    await sent(askMany(1, one, Date.now));
    const clicks = askMany(20, other, Date.now);
    await until(() => sending(clicks) === 8);
    await pause(50);

    expect(sending(clicks)).toBe(8);
    expect(other.look("company:1").reset!.getTime() - Date.now()).toBeLessThanOrEqual(20_100);
  });

  it.each([
    ["as every answer names it", (budgets: Budgets) => learnFromAnswers(budgets, 1_260)],
    ["as refusals showed it", (budgets: Budgets) => learnFromRefusals(budgets, 90)],
  ])("know the limit that another process has learnt, %s", async (_how, learn) => {
    const [old, fresh] = [await budgetsOf(undefined, 60), await budgetsOf(undefined, 60)];
    await learn(old);
    const { limit } = old.look("company:1");
    const [first] = await sent(askMany(1, fresh, Date.now));
    expect(first!.state).toBe("sends");
    expect(fresh.look("company:1").limit).toBe(limit);
  });

  it("hold up nobody in a process that starts in a busy minute of a company with a raised limit", async () => {
    const [old, fresh] = [await budgetsOf(), await budgetsOf()];
    await learnFromAnswers(old, 1_260);
    await sent(askMany(300, old, Date.now));
    const askers = await sent(askMany(150, fresh, Date.now, { deadlineMs: 10_000 }));

    expect(sending(askers)).toBe(150);
  });

  it("let no process find out by refusals what another one has", async () => {
    const [old, fresh] = [await budgetsOf(undefined, 120), await budgetsOf(undefined, 120)];
    await learnFromRefusals(old, 60);
    const askers = askMany(120, fresh, Date.now);
    await pause(1_000);

    expect(sending(askers)).toBeLessThanOrEqual(60);
  });

  /** In a window that is over soon. */
  async function learnFromRefusals(budgets: Budgets, limit: number): Promise<void> {
    const burst = await sent(askMany(60, budgets, Date.now));
    const part = Math.min(60, limit) / 2;
    burst.forEach(({ turn }, n) => turn!.done(rate(0, 0, 0), n < part ? undefined : 300));
    await pause(400);
    for (const { turn } of await sent(askMany(2, budgets, Date.now))) turn!.done(nothing);
  }

  async function learnFromAnswers(budgets: Budgets, limit: number): Promise<void> {
    const [first] = await sent(askMany(1, budgets, Date.now));
    first!.turn!.done(rate(limit, limit - 1, 30_000));
    await sent(askMany(1, budgets, Date.now));
  }

  it("leave bulk requests their share of what other processes use", async () => {
    const [clicking, walking] = [await budgetsOf(undefined, 60, 1_200), await budgetsOf(undefined, 60, 1_200)];
    const clicks = askMany(600, clicking, Date.now);
    await until(() => sending(clicks) === 60);
    const walk = askMany(100, walking, Date.now, { lane: "bulk" });
    const answering = setInterval(() => [...clicks, ...walk].forEach(({ turn }) => turn?.done(nothing)), 10);
    closers.push(() => clearInterval(answering));
    await pause(4_500);

    const all = sending(clicks) + sending(walk);
    expect(all).toBeGreaterThanOrEqual(180);
    expect(sending(walk)).toBeGreaterThanOrEqual(0.05 * (all - 60));
  });

  it("keep one key per company, which ends with its window", async () => {
    const budgets = await budgetsOf();
    await sent([ask(budgets, Date.now), ask(budgets, Date.now, { budget: "company:2" })]);
    const inside = await connect();

    const keys = await inside.keys("*");
    expect(keys.sort()).toEqual(["aircall:{company:1}:budget", "aircall:{company:2}:budget"]);
    expect(await inside.pTTL(keys[0]!)).toBeLessThanOrEqual(60_000);
    expect(await inside.pTTL(keys[0]!)).toBeGreaterThan(55_000);
  });

  it("keep all keys under the prefix they are given, so that an access list by prefix is enough", async () => {
    const inside = await connect();
    await inside.sendCommand([
      "ACL",
      "SETUSER",
      "app",
      "on",
      "nopass",
      "resetkeys",
      "~calls:*",
      "+eval",
      "+@read",
      "+@write",
    ]);
    const client = createClient({ url: server.url, username: "app", password: "any" });
    closers.push(() => client.destroy());
    const counter = createSharedWindow(await client.connect(), { prefix: "calls:" });
    const budgets = createBudgets({ limit: 60, counter: () => counter });
    await learnFromAnswers(budgets, 90);

    expect(counter!.ready()).toBe(true);
    expect((await inside.keys("*")).sort()).toEqual(["calls:{company:1}:budget", "calls:{company:1}:limit"]);
  });

  it("know nothing after FLUSHALL, and go on", async () => {
    const budgets = await budgetsOf();
    await sent(askMany(3, budgets, Date.now));
    await (await connect()).flushAll();

    expect(sending(await sent(askMany(3, budgets, Date.now)))).toBe(3);
  });

  it("lose nothing to those who gave up while Redis was asked", async () => {
    const budgets = await budgetsOf(undefined, 10);
    const askers = askMany(8, budgets, Date.now);
    for (const asker of askers) asker.abort();
    await pause(50);

    const next = askMany(10, budgets, Date.now);
    expect(await until(() => sending(next) === 10)).toBe(true);
  });

  it("give a turn that was counted for all, and never used, to the next who asks", async () => {
    const budgets = await budgetsOf(undefined, 5);
    for (let round = 0; round < 3; round += 1) {
      const unsent = await sent(askMany(5, budgets, Date.now, { leaves: false, deadlineMs: 10_000 }));
      expect(sending(unsent)).toBe(5);
      for (const { turn } of unsent) turn!.done(null);
    }
    const inside = await connect();
    expect(await inside.get("aircall:{company:1}:budget")).toBe("5");
  });

  async function connectPool() {
    const pool = createClientPool({ url: server.url });
    await pool.connect();
    closers.push(() => pool.destroy());
    return pool;
  }

  function connectIoRedis() {
    const client = new IoRedis(server.port);
    closers.push(() => client.disconnect());
    return Promise.resolve(client);
  }

  it.each([
    ["a node-redis pool", connectPool],
    ["ioredis", connectIoRedis],
  ])("work over %s", async (_name, open) => {
    const client = await open();
    const [one, other] = [await budgetsOf(client), await budgetsOf()];
    await sent(askMany(40, one, Date.now));
    const rest = askMany(40, other, Date.now);

    expect(await until(() => sending(rest) === 20)).toBe(true);
  });

  it("work over a cluster", async () => {
    const cluster = await startRedisCluster();
    const rootNodes = cluster.ports.map((port) => ({ url: `redis://127.0.0.1:${port}` }));
    const client = createCluster({ rootNodes });
    closers.push(
      () => cluster.close(),
      () => client.destroy(),
    );
    await client.connect();
    const [one, other] = [await budgetsOf(client), await budgetsOf(client)];
    const askers = [1, 2, 3, 4, 5].flatMap((n) =>
      [one, other].flatMap((budgets) => askMany(40, budgets, Date.now, { budget: `company:${n}` })),
    );

    expect(await until(() => sending(askers) === 300)).toBe(true);
  });

  it("leave the limiters of an app alone that uses the same ioredis client", async () => {
    const client = await connectIoRedis();
    const own = new RateLimiterRedis({ storeClient: client, points: 2, duration: 5 });
    await sent(askMany(5, await budgetsOf(client), Date.now));

    expect((await own.consume("visitor")).consumedPoints).toBe(1);
    expect((await own.consume("visitor")).consumedPoints).toBe(2);
  });
});

describeWith("redis-server", "budgets, as Redis falls ill", () => {
  let server: RedisServer;
  let client: ReturnType<typeof createClient>;
  let closers: (() => unknown)[];
  const unhandled: unknown[] = [];
  const noteUnhandled = (reason: unknown) => void unhandled.push(reason);

  beforeEach(async () => {
    server = await startRedisServer();
    client = createClient({ url: server.url });
    client.on("error", () => undefined);
    closers = [() => client.isOpen && client.destroy()];
    await client.connect();
    process.on("unhandledRejection", noteUnhandled);
  });
  afterEach(async () => {
    for (const close of closers.reverse()) await close();
    await server.close();
    process.off("unhandledRejection", noteUnhandled);
    expect(unhandled.splice(0)).toEqual([]);
  });

  function open(over = client) {
    const counter = createSharedWindow(over);
    const budgets = createBudgets({ limit: 60, counter: () => counter });
    closers.push(() => budgets.close());
    return budgets;
  }

  it("wait a quarter of a second for a Redis that hangs, then not at all, and ask it again as it goes on", async () => {
    const budgets = open();
    await sent(askMany(1, budgets, Date.now));
    process.kill(server.pid, "SIGSTOP");
    const firstTook = await timed(() => sent(askMany(5, budgets, Date.now)));
    const nextTook = await timed(() => sent(askMany(5, budgets, Date.now)));
    process.kill(server.pid, "SIGCONT");

    expect(firstTook).toBeLessThan(promised(1_000));
    expect(nextTook).toBeLessThan(promised(50));
    const other = open();
    await until(async () => {
      await pause(200);
      await sent(askMany(1, budgets, Date.now));
      return Number(await client.get("aircall:{company:1}:budget")) >= 12;
    });
    await sent(askMany(1, other, Date.now));
    expect(other.look("company:1").remaining).toBeLessThanOrEqual(48);
  });

  it("lose no request and hold up none when Redis is gone, and come back to it", async () => {
    const budgets = open();
    await sent(askMany(2, budgets, Date.now));
    await server.close();
    const tooks = await timed(() => sent(askMany(20, budgets, Date.now)));
    expect(tooks).toBeLessThan(promised(1_000));

    const again = await startRedisServer({ findPort: () => server.port });
    closers.push(() => again.close());
    const counted = await until(async () => {
      await pause(200);
      await sent(askMany(1, budgets, Date.now));
      return client.isReady && (await client.get("aircall:{company:1}:budget")) !== null;
    });
    expect(counted).toBe(true);
  });

  it.each([
    ["READONLY", () => client.sendCommand(["REPLICAOF", "127.0.0.1", "1"])],
    ["OOM", () => client.configSet({ maxmemory: "1mb", "maxmemory-policy": "noeviction" })],
    ["WRONGTYPE", () => client.hSet("aircall:{company:1}:budget", "a", "b")],
    ["a client that is closed", () => Promise.resolve(client.destroy())],
  ])("count for themselves when Redis answers %s", async (_name, fallIll) => {
    const budgets = open();
    await fallIll();
    const askers = await sent(askMany(60, budgets, Date.now));
    const tooMany = ask(budgets, Date.now);
    await pause(20);

    expect(sending(askers)).toBe(60);
    expect(tooMany.state).toBe("waits");
  });

  it("go on with their part of the window when they lose sight of the others", async () => {
    const second = client.duplicate().on("error", () => undefined);
    await second.connect();
    closers.push(() => second.destroy());
    const [busy, quiet] = [open(), open(second)];
    await sent(askMany(24, busy, Date.now));
    await sent(askMany(6, quiet, Date.now));
    await sent(askMany(1, busy, Date.now));
    await server.close();

    const more = [askMany(30, busy, Date.now, { lane: "interactive" }), askMany(30, quiet, Date.now)];
    await until(() => sending(more.flat()) > 20);
    await pause(300);
    expect(sending(more.flat())).toBeLessThanOrEqual(35);
    expect(sending(more[0]!)).toBeGreaterThan(sending(more[1]!));
    expect(sending(more[1]!)).toBeGreaterThan(0);
  });
});

describe("createRedisCounter", () => {
  it("warns once, naming the package, when rate-limiter-flexible is not installed", () => {
    const warnings: string[] = [];
    const load = () => null;
    const client = { eval: () => Promise.resolve(), isOpen: true };

    expect(createSharedWindow(client, { load, warn: (text) => void warnings.push(text) })).toBeNull();
    expect(warnings).toEqual([expect.stringContaining("npm install rate-limiter-flexible")]);
  });

  it.each([null, {}, { get: () => null }])("refuses %j as no client", (client) => {
    expect(() => createSharedWindow(client)).toThrow("node-redis");
  });
});

/** When all have their turn, or five seconds have passed. */
async function sent(askers: Asker[]): Promise<Asker[]> {
  await until(() => askers.every(({ state }) => state !== "waits"));
  return askers;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<boolean> {
  const startedAt = performance.now();
  while (performance.now() - startedAt < 5_000) {
    if (await condition()) return true;
    await pause(5);
  }
  return false;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
