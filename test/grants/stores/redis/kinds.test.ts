import type { RecordStore } from "../../../../src/grants/store";
import { createRedis, type Redis } from "../../../../src/redis/client";
import { createRedisKeys } from "../../../../src/grants/stores/redis/keys";
import { createRedisKind } from "../../../../src/grants/stores/redis/kinds";
import { describeWith } from "../../../support/programs";
import { startRedisGrants, type RedisGrants } from "../../../support/redis/redis-grants";

const lifeMs = 60_000;
const fresh = { version: null, lifeMs };
const keys = createRedisKeys("ours:");

describeWith("redis-server", "the records of a kind in Redis", () => {
  let redis: RedisGrants;
  let sent: { operation: string; args: readonly (string | number)[]; writes: boolean }[];
  let marks: RecordStore;

  beforeAll(async () => (redis = await startRedisGrants()));
  beforeEach(async () => {
    await redis.inside.flushAll();
    const inner = createRedis(redis.inside);
    sent = [];
    const watched: Redis = {
      run: (operation, call) => {
        sent.push({ operation, args: call.args ?? [], writes: call.writes === true });
        return inner.run(operation, call);
      },
    };
    marks = createRedisKind(watched, keys, "marks");
  });
  afterAll(() => redis.close());

  const placeOf = async (name: string) => (await redis.inside.keys(`ours:*}:${name}`))[0]!;
  const putAll = async (count: number) => {
    const names = Array.from({ length: count }, (_, n) => `${n}`);
    await Promise.all(names.map((name) => marks.put(name, name, fresh)));
    return names;
  };

  async function walk(limit: number): Promise<string[]> {
    const found: string[] = [];
    for (let cursor: string | null = null, pages = 0; cursor !== null || pages === 0; pages += 1) {
      if (pages > 200) throw new Error("The list has no end.");
      const page = await marks.list(cursor, limit);
      expect(page.records.length).toBeLessThanOrEqual(limit);
      found.push(...page.records.map(({ key }) => key));
      cursor = page.cursor;
    }
    return found;
  }

  it("lie in sixteen parts, each with its names beside it, for as long as they live", async () => {
    await putAll(200);
    const all = await redis.inside.keys("ours:*");
    const indexes = all.filter((key) => key.endsWith("}"));
    expect(indexes.sort()).toEqual(Array.from({ length: 16 }, (_, part) => keys.records("marks", part)).sort());
    for (const index of indexes) {
      const names = await redis.inside.zRange(index, 0, -1);
      expect(await redis.inside.exists(names.map((name) => `${index}:${name}`))).toBe(names.length);
      expect(await redis.inside.pTTL(index)).toBeGreaterThan(lifeMs - 5_000);
    }
    expect(all).toHaveLength(216);
  });

  it.each([1, 7, 50, 51, 1_000])("are listed once each, %i a page", async (limit) => {
    const names = await putAll(50);
    const found = await walk(limit);
    expect(found.toSorted()).toEqual(names.toSorted());
  });

  it.each([1, 2, 10])("are %i on a page that may have so many, though some between have ended", async (limit) => {
    const names = await putAll(60);
    for (const name of names.filter((_, n) => n % 6 > 1)) await redis.inside.del(await placeOf(name));
    const { records } = await marks.list(null, limit);
    expect(records).toHaveLength(limit);
    expect((await walk(limit)).toSorted()).toEqual(names.filter((_, n) => n % 6 < 2).toSorted());
  });

  it("lie in the same places in every version", async () => {
    await marks.put("a", "", fresh);
    expect((await redis.inside.keys("*")).sort()).toEqual(["ours:{records:marks:10}", "ours:{records:marks:10}:a"]);
  });

  it("are looked for in each of their parts once, and in no other", async () => {
    expect(await marks.list(null, 10)).toEqual({ records: [], cursor: null });
    expect(sent).toHaveLength(16);
  });

  it("are deleted once", async () => {
    await marks.put("a", "", fresh);
    expect([await marks.delete("a"), await marks.delete("a")]).toEqual([true, false]);
  });

  it("keep any text, and a version that each write changes", async () => {
    for (const value of ["", "1 2", "two\nlines ☎"]) {
      const version = await marks.put(`a ${value}`, value, fresh);
      expect(await marks.get(`a ${value}`)).toEqual({ key: `a ${value}`, value, version });
    }
    expect(await marks.get("none")).toBeNull();
  });

  it("are none where something else stands in their place", async () => {
    await marks.put("a", "", fresh);
    const place = await placeOf("a");
    for (const junk of ["", "7", "x 7 y", "x", " y"]) {
      await redis.inside.set(place, junk);
      expect(await marks.get("a")).toBeNull();
    }
    await redis.inside.set(place, "7 y");
    expect(await marks.get("a")).toEqual({ key: "a", value: "y", version: 7 });
  });

  it("begin anew where a cursor is none", async () => {
    const names = await putAll(200);
    for (const cursor of ["", "x", "7", "x7 a"])
      expect((await marks.list(cursor, 300)).records).toHaveLength(names.length);
  });

  it("live whole milliseconds, and say what was done in a failure", async () => {
    const version = await marks.put("a", "", { version: null, lifeMs: 10_000.2 });
    await marks.get("a");
    await marks.list(null, 1);
    await marks.delete("a", version!);
    expect(new Set(sent.map(({ operation, writes }) => `${operation}${writes ? ", in time" : ""}`))).toEqual(
      new Set(["keep a record, in time", "read a record", "delete a record, in time", "list records"]),
    );
    expect(sent[0]!.args[3]).toBe(10_001);
  });

  it("are none that Redis does not list", async () => {
    const deaf = createRedisKind({ run: () => Promise.resolve(null) }, keys, "marks");
    for (const limit of [1, 10]) expect(await deaf.list(null, limit)).toEqual({ records: [], cursor: null });
    expect([await deaf.get("a"), await deaf.put("a", "", fresh), await deaf.delete("a")]).toEqual([null, null, false]);
  });
});
