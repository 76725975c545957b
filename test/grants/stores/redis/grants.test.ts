import { newGrantId } from "../../../../src/grants/grant";
import type { GrantStore } from "../../../../src/grants/store";
import { redisBehind, redisGrants } from "../../../../src/grants/stores/redis/redis";
import { memoryGrants } from "../../../../src/grants/stores/memory";
import { newGrant } from "../../../support/grants";
import { describeWith } from "../../../support/programs";
import { startRedisGrants, type RedisGrants } from "../../../support/redis/redis-grants";

const lifeMs = 60_000;
const absent = newGrantId();
const key = "a key of thirty-two characters or so";

describeWith("redis-server", "the grants in a Redis", () => {
  let redis: RedisGrants;
  let store: GrantStore;
  /** Runs before a script that has this in it. */
  let before: [part: string, work: () => Promise<unknown>] | null;
  /** What is in a script whose answer is lost. */
  let lost: string | null;
  let sent: number;

  beforeAll(async () => (redis = await startRedisGrants()));
  afterAll(() => redis.close());
  beforeEach(async () => {
    const { inside } = redis;
    await inside.flushAll();
    [before, lost, sent] = [null, null, 0];
    const watched = Object.assign(Object.create(inside) as typeof inside, {
      async eval(...args: Parameters<typeof inside.eval>) {
        sent += 1;
        const due = before;
        if (due && String(args[0]).includes(due[0])) {
          before = null;
          await due[1]();
        }
        const answer = await inside.eval(...args);
        if (lost === null || !String(args[0]).includes(lost)) return answer;
        lost = null;
        throw new Error("cut off");
      },
    });
    store = redisGrants(watched);
  });

  const keys = async () => (await redis.inside.keys("*")).sort();
  const livesFor = async (name: string) => Math.ceil((await redis.inside.pTTL(name)) / 10_000) * 10_000;

  it("are told from others by where they are, under a prefix of their own", async () => {
    const client = await redis.connect();
    const place = { client, prefix: "ours:" };
    const ours = redisGrants(client, { prefix: "ours:" });
    expect([redisBehind(ours), redisBehind(redisGrants(client))]).toEqual([place, { client, prefix: "aircall:" }]);
    expect(redisBehind(memoryGrants())).toBeNull();
    const id = await ours.create(newGrant(), lifeMs);
    for (const name of await keys()) expect(name).toMatch(/^ours:/);
    expect([await ours.get(id), await store.get(id)]).toMatchObject([{ version: 1 }, null]);
    await expect(ours.check!()).resolves.toBeUndefined();
  });

  it("say whether they are sealed, and for how long they are kept at most", () => {
    const sealed = redisGrants(redis.inside, { encryptionKeys: [key] });
    expect([store.seals, sealed.seals, store.longestLifeMs]).toEqual([false, true, 3_155_760_000_000]);
  });

  it("name an option that is misspelt, or are none", () => {
    expect(() => redisGrants(redis.inside, { prefixes: "a" } as object)).toThrow(/prefixes.*prefix/s);
    expect(() => redisGrants(redis.inside, 7 as never)).toThrow(
      "redisGrants(client, options) takes an object of options; got a number.",
    );
  });

  it("are written in their version, found by their company, and gone once deleted", async () => {
    const id = await store.create(newGrant(), lifeMs, "a");
    expect([await store.get(id), await store.get(id, "a"), await store.get(id, "b")]).toMatchObject([
      ...[{ version: 1 }, { version: 1 }],
      null,
    ]);
    expect(await store.replace(id, 2, newGrant())).toBe(false);
    expect(await store.replace(id, 1, newGrant({ accessToken: "second" }))).toBe(true);
    expect(await store.get(id)).toMatchObject({ version: 2, accessToken: "second" });
    expect([await store.idsOf(null, 7), (await store.companies(null, null, 5)).companies]).toEqual([
      [id],
      [{ company: 7, ids: [id] }],
    ]);
    expect(await livesFor(`aircall:{${id}}:grant`)).toBe(2 * lifeMs);
    await store.delete(id);
    expect([await store.get(id), await store.idsOf(null, 7)]).toEqual([null, []]);
    expect(await store.replace(id, 2, newGrant())).toBe(false);
  });

  it("are lengthened with their link and with what is noted of their company", async () => {
    const id = await store.create(newGrant(), lifeMs, "a");
    expect(await store.prolong(id, 2 * lifeMs, "a")).toBe(true);
    const names = [`aircall:{${id}}:grant`, `aircall:{${id}}:link:a`, "aircall:{company:7}:grants"];
    expect(await Promise.all(names.map(livesFor))).toEqual(names.map(() => 4 * lifeMs));
    expect([await store.prolong(id, lifeMs, "b"), await store.prolong(absent, lifeMs)]).toEqual([false, false]);
  });

  it("that end while they are lengthened are noted no longer", async () => {
    const id = await store.create(newGrant(), lifeMs);
    before = ["ZADD", () => redis.inside.del(`aircall:{${id}}:grant`)];
    expect(await store.prolong(id, lifeMs)).toBe(false);
    expect(await store.idsOf(null, 7)).toEqual([]);
  });

  it("have links that others lead to, each for its time", async () => {
    const id = await store.create(newGrant(), lifeMs, "a");
    expect([await store.link(id, "b", 2 * lifeMs), await store.link(id, "c", lifeMs, "b")]).toEqual([true, true]);
    expect(await livesFor(`aircall:{${id}}:link:b`)).toBe(4 * lifeMs);
    expect([await store.link(id, "e", lifeMs, "d"), await store.link(absent, "e", lifeMs)]).toEqual([false, false]);
    await store.unlink(id, "b");
    const found = await Promise.all(["a", "b", "c", "e"].map(async (link) => (await store.get(id, link)) !== null));
    expect(found).toEqual([true, false, true, false]);
  });

  it("are not asked for by what is no id", async () => {
    const none = "no id";
    expect([
      await store.get(none),
      await store.replace(none, 1, newGrant()),
      await store.prolong(none, lifeMs),
    ]).toEqual([...[null, false, false]]);
    expect(await store.link(none, "a", lifeMs)).toBe(false);
    await store.unlink(none, "a");
    await store.delete(none);
    expect([sent, await keys()]).toEqual([0, []]);
  });

  it("are deleted though their company cannot be told", async () => {
    const id = await store.create(newGrant(), lifeMs);
    before = ["ZREM", () => Promise.reject(new Error("READONLY"))];
    await expect(store.delete(id)).resolves.toBeUndefined();
    expect(await store.get(id)).toBeNull();
    await redis.inside.set(`aircall:{${absent}}:grant`, "no grant");
    await store.delete(absent);
    expect(await redis.inside.exists(`aircall:{${absent}}:grant`)).toBe(0);
  });

  it("whose making was not answered are taken back, and so are links", async () => {
    lost = "if KEYS[2] then redis.call('SET'";
    await expect(store.create(newGrant(), lifeMs, "a")).rejects.toMatchObject({ operation: "keep a grant" });
    while ((await store.idsOf(null, 7)).length > 0) await new Promise(setImmediate);
    expect((await keys()).filter((name) => name.endsWith("}:grant"))).toEqual([]);

    const id = await store.create(newGrant(), lifeMs);
    lost = "redis.call('EXISTS', KEYS[3], KEYS[2])";
    await expect(store.link(id, "a", lifeMs)).rejects.toMatchObject({ operation: "link a session to a grant" });
    while ((await store.get(id, "a")) !== null) await new Promise(setImmediate);
    expect(await store.get(id)).not.toBeNull();
  });

  it("have records, claims and locks beside them", async () => {
    expect(await store.claim("attempt", "ours", lifeMs)).toMatchObject({ ours: true });
    await store.records("marks").put("a", "1", { version: null, lifeMs });
    await store.withLock("a name", async () => expect(await keys()).toContain("aircall:{a name}:lock"));
    expect(await store.records("marks").get("a")).toMatchObject({ value: "1" });
  });
});
