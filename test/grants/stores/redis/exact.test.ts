import { newGrantId } from "../../../../src/grants/grant";
import { redisGrants } from "../../../../src/grants/stores/redis/redis";
import { createSeal } from "../../../../src/grants/seal";
import { newGrant } from "../../../support/grants";
import { everyBitOf } from "../../../support/bits";
import { describeWith } from "../../../support/programs";
import { startRedisGrants, type RedisGrants } from "../../../support/redis/redis-grants";
import { letRedisTimePass } from "../../../support/redis/redis-time";
import { describeGrantStore } from "../contract";

const lifeMs = 60_000;
const fresh = { version: null, lifeMs };
const [today, yesterday] = ["today's key, of 32 characters....", "yesterday's key, of 32 characters"];

describeWith("redis-server", "redisGrants", () => {
  let redis: RedisGrants;

  beforeAll(async () => (redis = await startRedisGrants()));
  beforeEach(() => redis.inside.flushAll());
  afterAll(() => redis.close());

  it("uses keys of its own, with one hash tag for everything of a grant, a company or a sign-in", async () => {
    const store = await redis.grants();
    const id = await store.create(newGrant(), lifeMs);
    await store.claim("attempt", "owner", lifeMs);
    await store.settle("attempt", { grantId: id }, 60_000);
    await store.records("marks").put("a key", "", fresh);

    await store.withLock(id, async () => {
      const keys = (await redis.inside.keys("*")).map((key) =>
        key.replace(/(companies:|records:marks):\d{1,3}/, "$1:part"),
      );
      expect(keys.sort()).toEqual(
        [
          `aircall:{${id}}:grant`,
          `aircall:{${id}}:lock`,
          "aircall:{attempt}:claim",
          "aircall:{attempt}:outcome",
          "aircall:{companies::part}",
          "aircall:{company:7}:grants",
          "aircall:{records:marks:part}",
          "aircall:{records:marks:part}:a key",
        ].sort(),
      );
    });
  });

  it("gives every key a life", async () => {
    const store = await redis.grants({ prefix: "ours:" });
    const id = await store.create(newGrant(), lifeMs);
    await store.replace(id, 1, newGrant());
    await store.claim("attempt", "owner", lifeMs);
    await store.settle("attempt", { grantId: id }, 60_000);
    await store.records("marks").put("a key", "", fresh);

    const keys = await redis.inside.keys("ours:*");
    for (const key of keys) expect(await redis.inside.pTTL(key)).toBeGreaterThan(lifeMs - 2_000);
    expect(await redis.inside.pTTL(`ours:{${id}}:grant`)).toBeGreaterThan(2 * lifeMs - 2_000);
    expect(await redis.inside.dbSize()).toBe(keys.length);
    expect(keys).toHaveLength(7);
  });

  it("keeps a grant for a hundred years when its life has no end", async () => {
    const id = await (await redis.grants()).create(newGrant(), Infinity);

    expect(await redis.inside.ttl(`aircall:{${id}}:grant`)).toBeGreaterThan(3_000_000_000);
  });

  it("lets one of 200 writers through, whichever process they are in", async () => {
    const stores = await Promise.all([1, 2, 3, 4].map(() => redis.grants()));
    const id = await stores[0]!.create(newGrant(), lifeMs);

    for (let version = 1; version <= 5; version += 1) {
      const writers = Array.from({ length: 200 }, (_, n) => stores[n % 4]!.replace(id, version, newGrant()));
      expect((await Promise.all(writers)).filter(Boolean)).toHaveLength(1);
    }
    expect(await stores[0]!.get(id)).toMatchObject({ version: 6 });
  });

  it("gives a claim to one of 200, whichever process they are in", async () => {
    const stores = await Promise.all([1, 2, 3, 4].map(() => redis.grants()));

    const claims = await Promise.all(Array.from({ length: 200 }, (_, n) => stores[n % 4]!.claim("a", `${n}`, lifeMs)));

    expect(claims.filter(({ ours }) => ours)).toHaveLength(1);
  });

  it("lets one of 200 who write a record through, whichever process they are in, new or not", async () => {
    const stores = await Promise.all([1, 2, 3, 4].map(() => redis.grants()));
    const kinds = stores.map((store) => store.records("marks"));

    for (let version: number | null = null, round = 0; round < 4; round += 1) {
      const writers = Array.from({ length: 200 }, (_, n) => kinds[n % 4]!.put("a", `${n}`, { version, lifeMs }));
      const written = (await Promise.all(writers)).filter((each) => each !== null);
      expect(written).toHaveLength(1);
      version = written[0]!;
    }
    const deleted = await Promise.all(Array.from({ length: 200 }, (_, n) => kinds[n % 4]!.delete("a")));
    expect(deleted.filter(Boolean)).toHaveLength(1);
  });

  it("forgets the names of records that have ended as it lists, and fills its pages all the same", async () => {
    const records = (await redis.grants()).records("marks");
    for (let n = 0; n < 200; n += 1)
      await records.put(`${n}`, "", { version: null, lifeMs: n % 10 === 0 ? lifeMs : 1 });
    await new Promise((resolve) => setTimeout(resolve, 5));

    const { records: first, cursor } = await records.list(null, 15);
    const { records: others } = await records.list(cursor, 15);
    expect([first.length, others.length]).toEqual([15, 5]);
    const indexes = (await redis.inside.keys("*")).filter((key) => key.endsWith("}"));
    const names = await Promise.all(indexes.map((key) => redis.inside.zRange(key, 0, -1)));
    expect(names.flat()).toHaveLength(20);
  });

  it("takes one command for a read", async () => {
    const store = await redis.grants();
    const id = await store.create(newGrant(), lifeMs);
    await redis.inside.configResetStat();
    for (let n = 0; n < 10; n += 1) await store.get(id);

    expect(await redis.inside.info("commandstats")).toMatch(/cmdstat_eval:calls=10,/);
  });

  it("keeps a sealed grant unreadable in Redis, bound to its id and to the bits it has", async () => {
    const store = await redis.grants({ encryptionKeys: [today] });
    const [id, other] = [await store.create(newGrant(), lifeMs), await store.create(newGrant(), lifeMs)];
    const key = `aircall:{${id}}:grant`;
    const value = (await redis.inside.get(key))!;
    expect(value).toMatch(/^1 \d+ -\/7 [\w-]+$/);

    await redis.inside.copy(key, `aircall:{${other}}:grant`, { REPLACE: true });
    expect(await store.get(other)).toBeNull();
    for (const changed of [value.slice(0, -1), ...everyBitOf(value)]) {
      await redis.inside.set(key, changed);
      expect(await store.get(id)).toBeNull();
    }
    await redis.inside.set(key, value);
    expect(await store.get(id)).toEqual({ ...newGrant(), version: 1 });
  });

  it.each([
    ["without keys", []],
    ["with an older key", [yesterday]],
  ])("seals what was kept %s with today's as its life is prolonged", async (_how, encryptionKeys) => {
    const id = await (await redis.grants({ encryptionKeys })).create(newGrant(), lifeMs);
    const both = await redis.grants({ encryptionKeys: [today, yesterday], acceptUnsealed: true });
    expect(await both.prolong(id, lifeMs)).toBe(true);

    const onlyToday = await redis.grants({ encryptionKeys: [today] });
    expect(await redis.inside.get(`aircall:{${id}}:grant`)).not.toContain("access-0");
    expect(await onlyToday.get(id)).toMatchObject({ version: 1 });
    expect(await onlyToday.idsOf(null, 7)).toEqual([id]);
  });

  it("reads what it kept when a record still said its life, sealed or not", async () => {
    const { connectedAt: _younger, ...grant } = newGrant();
    const former = { ...grant, format: 1, ended: null, expiresAt: null, obtainedAt: 1, version: 1 };
    const id = newGrantId();
    const text = JSON.stringify(former);
    const sealed = createSeal(today, "grants").close(text, `${id} ${lifeMs} 7`);
    const store = await redis.grants({ encryptionKeys: [today], acceptUnsealed: true });

    for (const body of [text, `7 ${sealed}`]) {
      await redis.inside.set(`aircall:{${id}}:grant`, `1 ${lifeMs} ${body}`);
      expect(await store.get(id)).toMatchObject({ accessToken: "access-0", app: null, version: 1 });
      expect(await store.replace(id, 1, newGrant({ accessToken: "next" }))).toBe(true);
      expect(await store.get(id)).toMatchObject({ accessToken: "next", version: 2 });
    }
  });

  it("does every write once where a client sends it twice", async () => {
    const { inside } = redis;
    const twice = Object.assign(Object.create(inside) as typeof inside, {
      eval: async (...args: Parameters<typeof inside.eval>) => {
        await inside.eval(...args);
        return inside.eval(...args);
      },
    });
    const store = redisGrants(twice);
    const id = await store.create(newGrant(), lifeMs, "a");

    expect(await store.replace(id, 1, newGrant({ accessToken: "second" }))).toBe(true);
    expect(await store.get(id, "a")).toMatchObject({ accessToken: "second", version: 2 });
    expect(await store.claim("attempt", "ours", lifeMs)).toMatchObject({ ours: true });
    expect(await store.renewClaim("attempt", "ours", lifeMs)).toBe(true);
    expect(await store.link(id, "b", lifeMs)).toBe(true);
    expect(await store.prolong(id, lifeMs, "b")).toBe(true);
    expect(await store.withLock(id, () => Promise.resolve("done"))).toBe("done");
    await store.unlink(id, "b");
    expect(await store.get(id, "b")).toBeNull();
    await store.delete(id);
    expect(await store.get(id)).toBeNull();

    const marks = store.records("marks");
    const version = await marks.put("a", "1", fresh);
    expect(await marks.get("a")).toEqual({ key: "a", value: "1", version });
    const next = await marks.put("a", "2", { version, lifeMs });
    expect(await marks.get("a")).toEqual({ key: "a", value: "2", version: next });
    expect(await marks.delete("a", next!)).toBe(true);
    expect(await marks.list(null, 10)).toEqual({ records: [], cursor: null });
  });

  it("does not do what it gave up, when it is asked at last", async () => {
    const { inside } = redis;
    const [store, late] = [await redis.grants(), new Set<() => Promise<unknown>>()];
    const id = await store.create(newGrant(), lifeMs);
    const version = await store.records("marks").put("kept", "in time", fresh);
    const slow = redisGrants(
      Object.assign(Object.create(inside) as typeof inside, {
        eval(...args: Parameters<typeof inside.eval>) {
          if (!String(args[0]).includes("SET")) return inside.eval(...args);
          return new Promise((resolve) => late.add(() => inside.eval(...args).then(resolve, resolve)));
        },
      }),
    );
    await expect(slow.replace(id, 1, newGrant({ accessToken: "late" }))).rejects.toMatchObject({
      code: "store_failed",
    });
    await expect(slow.link(id, "late", lifeMs)).rejects.toMatchObject({ code: "store_failed" });
    const marks = slow.records("marks");
    const given = [marks.put("late", "", fresh), marks.put("kept", "late", { version, lifeMs }), marks.delete("kept")];
    expect((await Promise.allSettled(given)).map(({ status }) => status)).toEqual(given.map(() => "rejected"));
    for (const land of late) await land();

    const kept = { key: "kept", value: "in time", version };
    expect(await store.records("marks").list(null, 10)).toEqual({ records: [kept], cursor: null });
    expect(late.size).toBe(5);
    expect(await store.get(id)).toMatchObject({ accessToken: "access-0", version: 1 });
    expect(await store.get(id, "late")).toBeNull();
  });

  describeGrantStore(
    "redisGrants, sealed",
    async () => {
      await redis.inside.flushAll();
      const pass = (ms: number) =>
        letRedisTimePass((script, arg) => redis.inside.eval(script, { arguments: [arg] }), ms);
      return { store: await redis.grants({ encryptionKeys: [today, yesterday] }), pass };
    },
    { numRuns: 50 },
  );
});
