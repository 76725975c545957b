import { StoreError } from "../../../../src/errors/errors";
import type { GrantStore } from "../../../../src/grants/store";
import { newGrant } from "../../../support/grants";
import { describeWith } from "../../../support/programs";
import { startRedisServer } from "../../../support/redis/redis-server";
import { startRedisGrants, type RedisGrants } from "../../../support/redis/redis-grants";
import { promised } from "../../../support/promised";

const lifeMs = 60_000;
const absent = "a".repeat(32);

describeWith("redis-server", "redisGrants, as Redis falls ill", () => {
  let redis: RedisGrants;
  let store: GrantStore;
  let id: string;

  beforeEach(async () => {
    redis = await startRedisGrants();
    store = await redis.grants();
    id = await store.create(newGrant(), lifeMs);
  });
  afterEach(() => redis.close());

  /** Each way in. */
  const calls = (): [name: string, call: () => Promise<unknown>][] => [
    ["get", () => store.get(id)],
    ["idsOf", () => store.idsOf(null, 7)],
    ["outcome", () => store.outcome("a")],
    ["create", () => store.create(newGrant(), lifeMs)],
    ["replace", () => store.replace(id, 1, newGrant())],
    ["delete", () => store.delete(id)],
    ["claim", () => store.claim("a", "owner", 1_000)],
    ["settle", () => store.settle("a", { error: "b" }, 60_000)],
    ["withLock", () => store.withLock(id, () => Promise.resolve())],
  ];
  const reads = ["get", "idsOf", "outcome"];

  async function failuresOf(names: (name: string) => boolean): Promise<Record<string, unknown>> {
    const chosen = calls().filter(([name]) => names(name));
    const failed = await Promise.all(chosen.map(async ([name, call]) => [name, await call().then(succeeded, seen)]));
    return Object.fromEntries(failed) as Record<string, unknown>;
  }

  it("lets nobody wait longer than 2.5 s for a Redis that hangs, and works again as it goes on", async () => {
    process.kill(redis.server.pid, "SIGSTOP");
    const startedAt = performance.now();
    const failures = await failuresOf(() => true);
    const tookMs = performance.now() - startedAt;
    process.kill(redis.server.pid, "SIGCONT");

    expect(new Set(Object.values(failures))).toEqual(new Set(["store_failed"]));
    expect(tookMs).toBeLessThan(promised(2_500));
    const fresh = await store.create(newGrant(), lifeMs);
    expect(await store.withLock(fresh, () => store.get(fresh))).toMatchObject({ version: 1 });
  });

  it("leaves nothing locked, claimed or kept that it did not report as such", async () => {
    const nobody = newGrant({ account: { id: null, name: null, user: null } });
    await store.delete(id);
    process.kill(redis.server.pid, "SIGSTOP");
    await Promise.all([
      failuresOf((name) => ["claim", "withLock"].includes(name)),
      store.create(nobody, 1).catch(seen),
    ]);
    process.kill(redis.server.pid, "SIGCONT");

    expect(await until(async () => (await redis.inside.keys("*")).every(isListing))).toBe(true);
    expect((await store.companies(null, null, 10)).companies).toEqual([]);
    expect(await redis.inside.keys("*")).toEqual([]);
    expect(await store.claim("a", "owner", 1_000)).toMatchObject({ ours: true });
  });

  /** A company whose grants have ended is forgotten as the companies are listed. */
  const isListing = (key: string) => key.includes("{companies:");

  it("names the failure when Redis is gone, and recovers by itself when it is back", async () => {
    await redis.server.close();
    expect(new Set(Object.values(await failuresOf(() => true)))).toEqual(new Set(["store_failed"]));

    const again = await startRedisServer({ findPort: () => redis.server.port });
    expect(await until(() => store.create(newGrant(), lifeMs).then(Boolean, () => false))).toBe(true);
    await again.close();
  });

  it("refuses at once while a hundred calls wait for an answer, but for one a second", async () => {
    process.kill(redis.server.pid, "SIGSTOP");
    const burst = await Promise.all(Array.from({ length: 150 }, () => store.get(id).then(succeeded, seen)));
    expect(new Set(burst)).toEqual(new Set(["store_failed"]));
    void store.get(id).catch(() => undefined);

    const startedAt = performance.now();
    await Promise.all(Array.from({ length: 1_000 }, () => store.get(id).then(succeeded, seen)));
    expect(performance.now() - startedAt).toBeLessThan(promised(500));

    process.kill(redis.server.pid, "SIGCONT");
    expect(await until(() => store.get(id).then(Boolean, () => false))).toBe(true);
  });

  it("reads on while Redis takes no writes, and says READONLY for the rest", async () => {
    await redis.inside.sendCommand(["REPLICAOF", "127.0.0.1", "1"]);

    const failures = await failuresOf((name) => !reads.includes(name));
    expect(new Set(Object.values(failures))).toEqual(new Set(["store_failed READONLY"]));
    expect(await store.get(id)).toMatchObject({ version: 1 });
    expect(await store.idsOf(null, 7)).toEqual([id]);
  });

  it("reads and deletes on while Redis is full, and says OOM for the rest", async () => {
    await redis.inside.configSet({ maxmemory: "1mb", "maxmemory-policy": "noeviction" });

    const failures = await failuresOf((name) => ![...reads, "delete"].includes(name));
    expect(new Set(Object.values(failures))).toEqual(new Set(["store_failed OOM"]));
    expect(await store.get(id)).toMatchObject({ version: 1 });
    await store.delete(id);
    expect(await store.get(id)).toBeNull();
  });

  it("knows nothing after FLUSHALL, and goes on", async () => {
    await redis.inside.flushAll();

    expect(await store.get(id)).toBeNull();
    expect(await store.replace(id, 1, newGrant())).toBe(false);
    expect(await store.idsOf(null, 7)).toEqual([]);
    await expect(store.delete(id)).resolves.toBeUndefined();
  });

  it("takes a grant that Redis has evicted for gone, and goes on", async () => {
    const used = Number(/used_memory:(\d+)/.exec(await redis.inside.info("memory"))?.[1]);
    await redis.inside.configSet({ maxmemory: String(used + 300_000), "maxmemory-policy": "allkeys-lru" });
    const crowdOut = async (n: number) => void (await redis.inside.set(`other:${n}`, "x".repeat(10_000)));
    for (let n = 0; n < 1_000 && (await redis.inside.exists(`aircall:{${id}}:grant`)) > 0; n += 1) await crowdOut(n);

    expect(await store.get(id)).toBeNull();
    expect(await store.replace(id, 1, newGrant())).toBe(false);
    expect(await store.create(newGrant(), lifeMs)).not.toBe(id);
  });

  it("says WRONGTYPE for a key of another kind, which a logout still deletes", async () => {
    await redis.inside.del(`aircall:{${id}}:grant`);
    await redis.inside.hSet(`aircall:{${id}}:grant`, "a", "b");

    await expect(store.get(id)).rejects.toMatchObject({ code: "store_failed", cause: { code: "WRONGTYPE" } });
    await expect(store.get(id)).rejects.toBeInstanceOf(StoreError);
    await store.delete(id);
    expect(await store.get(id)).toBeNull();
  });

  it.each(["", "x", "1", "1 60000", "1 60000 {", "1 60000 {}", "a b c", "2 60000 7 abc", "1 1 null"])(
    "takes %j under its key for no grant",
    async (junk) => {
      await redis.inside.set(`aircall:{${absent}}:grant`, junk);
      await redis.inside.set("aircall:{a}:outcome", junk);

      expect(await store.get(absent)).toBeNull();
      expect(await store.replace(absent, 1, newGrant())).toBe(false);
      expect(await store.outcome("a")).toBeNull();
    },
  );

  it("takes a grant whose version was changed beside it for none", async () => {
    const key = `aircall:{${id}}:grant`;
    await redis.inside.set(key, (await redis.inside.get(key))!.replace(/^1/, "3"));

    expect(await store.get(id)).toBeNull();
  });
});

/** False when it has not come to pass within five seconds. */
async function until(condition: () => Promise<boolean>): Promise<boolean> {
  const startedAt = performance.now();
  while (performance.now() - startedAt < 5_000) {
    if (await condition()) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

function succeeded(): string {
  return "succeeded";
}

function seen(error: unknown): string {
  const { code, cause } = error as { code: string; cause?: { code?: string } };
  return [code, cause?.code].filter((part) => part && part !== "ECONNREFUSED" && part !== "ECONNRESET").join(" ");
}
