import { Cluster, Redis as IoRedis } from "ioredis";
import { RedisStore } from "connect-redis";
import { RedisStore as RedisStore8 } from "connect-redis-8";
import session = require("express-session");
import { createClient, createClientPool, createCluster, createSentinel } from "redis";
import { createClient as createClient6 } from "redis-6";
import { ConfigError } from "../../src/errors/errors";
import type { RedisClient } from "../../src/redis/send";
import { redisGrants } from "../../src/grants/stores/redis/redis";

const sentinels = { name: "primary", sentinelRootNodes: [{ host: "127.0.0.1", port: 1 }] };

describe("redisGrants", () => {
  it.each<[string, () => RedisClient]>([
    ["a client of node-redis 5", () => createClient()],
    ["a client of node-redis 6", () => createClient6()],
    ["a pool", () => createClientPool()],
    ["a cluster", () => createCluster({ rootNodes: [] })],
    ["a sentinel", () => createSentinel(sentinels)],
    ["ioredis", () => new IoRedis({ lazyConnect: true })],
    ["a cluster of ioredis", () => new Cluster([{ port: 1 }], { lazyConnect: true })],
  ])("takes %s, connected or not", (_name, create) => {
    expect(() => redisGrants(create())).not.toThrow();
  });

  it.each<[string, unknown, RegExp]>([
    ["nothing", undefined, /pass a client of node-redis 5 or 6/],
    ["an address", "redis://127.0.0.1:6379", /pass a client of node-redis 5 or 6/],
    ["a client that answers by callback", { eval: () => true, get: () => true }, /pass a client of node-redis 5 or 6/],
    ["connect-redis 9", new RedisStore({ client: createClient() }), /redisGrants\(store\.client\)/],
    ["connect-redis 8", new RedisStore8({ client: createClient() }), /the Redis client that you created for it/],
    ["what connect-redis 8 has inside", hidden(), /the Redis client that you created for it/],
    ["another session store", new session.MemoryStore(), /the Redis client that you created for it/],
  ])("refuses %s", (_name, client, reason) => {
    expect(() => redisGrants(client as RedisClient)).toThrow(ConfigError);
    expect(() => redisGrants(client as RedisClient)).toThrow(reason);
  });

  it("refuses a key that is too short", () => {
    expect(() => redisGrants(createClient(), { encryptionKeys: ["short"] })).toThrow(/at least 32 characters/);
    const text = "a key of many characters, but alone" as unknown as string[];
    expect(() => redisGrants(createClient(), { encryptionKeys: text })).toThrow(/must be a list/);
  });

  it("rejects while the client is not connected, and leaves it so", async () => {
    const client = createClient();

    await expect(redisGrants(client).get("a".repeat(32))).rejects.toMatchObject({ code: "store_failed", status: 503 });
    expect(client.isOpen).toBe(false);
  });

  it("names Redis and where its client was given, in each way of being away", async () => {
    const where = /^Could not read a grant: Redis \(the client of redisGrants\(\), or of the session store\) /;
    const away = new IoRedis({ lazyConnect: true, port: 1, retryStrategy: () => null, maxRetriesPerRequest: 0 });
    away.on("error", () => undefined);
    const silent = Object.assign(createClient(), { eval: () => new Promise(() => undefined) });
    for (const client of [createClient(), away, silent as unknown as RedisClient]) {
      await expect(redisGrants(client).get("a".repeat(32))).rejects.toThrow(where);
    }
  });

  it("sends EVAL and nothing else", async () => {
    const used = new Set<string>();
    const client = new Proxy(createClient(), {
      get(target, name) {
        used.add(String(name));
        return name === "eval" ? () => Promise.resolve(null) : (Reflect.get(target, name) as unknown);
      },
    });
    const store = redisGrants(client);
    used.clear();
    await Promise.all([
      store.get("a".repeat(32)),
      store.delete("a".repeat(32)),
      store.claim("a", "owner", 1),
      store.idsOf(null, 7),
    ]);

    expect([...used]).toEqual(["eval"]);
  });
});

function hidden(): unknown {
  return (new RedisStore8({ client: createClient() }) as unknown as { client: unknown }).client;
}
