import { Redis as IoRedis } from "ioredis";
import { createClient, RESP_TYPES } from "redis";
import type { RedisClient } from "../../src/redis/send";
import { plainReply } from "../../src/redis/reply";
import { redisGrants } from "../../src/grants/stores/redis/redis";
import { newGrant } from "../support/grants";
import { describeWith } from "../support/programs";
import { startRedisServer, type RedisServer } from "../support/redis/redis-server";

describe("plainReply", () => {
  it.each([
    ["text", "a", "a"],
    ["a Buffer", Buffer.from("ä"), "ä"],
    ["bytes", new Uint8Array([97]), "a"],
    ["a number", 7, 7],
    ["a bigint", 7n, "7"],
    ["a boxed text", Object("a"), "a"],
    ["nothing", undefined, null],
    ["no", false, null],
    ["yes", true, 1],
    ["a list", [Buffer.from("a"), 1n, null], ["a", "1", null]],
    ["a Set", new Set([Buffer.from("a")]), ["a"]],
    ["a Map", new Map([[Buffer.from("a"), 1n]]), ["a", "1"]],
  ])("reads %s", (_what, reply, plain) => {
    expect(plainReply(reply)).toEqual(plain);
  });
});

describeWith("redis-server", "redisGrants, whatever its client makes of replies", () => {
  let redis: RedisServer;
  const open: (() => unknown)[] = [];

  beforeAll(async () => (redis = await startRedisServer()));
  afterAll(async () => {
    open.forEach((close) => close());
    await redis.close();
  });

  async function nodeRedis(RESP: 2 | 3, mapping: object): Promise<RedisClient> {
    const client = createClient({ url: redis.url, RESP });
    open.push(() => client.destroy());
    await client.connect();
    return client.withTypeMapping(mapping);
  }

  function ioRedis(options: object): RedisClient {
    const client = new IoRedis(redis.port, options);
    open.push(() => client.disconnect());
    return client;
  }

  const buffers = { [RESP_TYPES.BLOB_STRING]: Buffer, [RESP_TYPES.SIMPLE_STRING]: Buffer };
  const texts = { [RESP_TYPES.NUMBER]: String };

  it.each<[string, () => RedisClient | Promise<RedisClient>]>([
    ["texts as Buffers", () => nodeRedis(2, buffers)],
    ["numbers as texts", () => nodeRedis(2, texts)],
    ["RESP3", () => nodeRedis(3, {})],
    [
      "RESP3, texts as Buffers, numbers as texts, lists as Sets",
      () => nodeRedis(3, { ...buffers, ...texts, [RESP_TYPES.SET]: Set, [RESP_TYPES.MAP]: Map }),
    ],
    ["ioredis", () => ioRedis({})],
    ["ioredis, numbers as texts", () => ioRedis({ stringNumbers: true })],
    ["ioredis, RESP3", () => ioRedis({ protocol: 3 })],
    ["ioredis with a prefix of its own", () => ioRedis({ keyPrefix: "mine:" })],
  ])("keeps, reads, changes, finds and ends a grant: %s", async (what, connect) => {
    const store = redisGrants(await connect(), { prefix: `${what}:` });
    const grant = newGrant();
    const id = await store.create(grant, 60_000);

    expect(await store.get(id)).toMatchObject({ version: 1, accessToken: grant.accessToken });
    expect(await store.idsOf(null, grant.account.id!)).toEqual([id]);
    expect(await store.replace(id, 1, grant)).toBe(true);
    expect(await store.replace(id, 1, grant)).toBe(false);
    expect(await store.withLock(id, (lock) => Promise.resolve(lock.remainingMs() > 0))).toBe(true);
    expect(await store.claim("a", "ours", 60_000)).toEqual({ ours: true, ageMs: 0 });
    const theirs = await store.claim("a", "theirs", 60_000);
    expect(theirs).toEqual({ ours: false, ageMs: expect.any(Number) });
    expect(await store.prolong(id, 120_000)).toBe(true);
    expect(await store.link(id, "a", 60_000)).toBe(true);
    expect(await store.get(id, "a")).toMatchObject({ version: 2 });
    await store.settle("a", { grantId: id }, 60_000);
    expect(await store.outcome("a")).toEqual({ grantId: id });
    await store.delete(id);
    expect(await store.get(id)).toBeNull();
    expect(await store.idsOf(null, grant.account.id!)).toEqual([]);
  });
});
