import { newGrantId } from "../../../../src/grants/grant";
import { createRedis, type Redis } from "../../../../src/redis/client";
import { createRedisIndex, type RedisIndex } from "../../../../src/grants/stores/redis/company-index";
import { partOf } from "../../../../src/grants/stores/company-pages";
import { createRedisKeys } from "../../../../src/grants/stores/redis/keys";
import { describeWith } from "../../../support/programs";
import { startRedisGrants, type RedisGrants } from "../../../support/redis/redis-grants";

const lifeMs = 60_000;
const keys = createRedisKeys("ours:");
const acme = { app: "app", company: "id:7" } as const;
const named = { app: "app", company: "ref:acme" } as const;
const [id, other] = [newGrantId(), newGrantId()];
const listing = keys.companies("app", partOf("id:7"));

describeWith("redis-server", "the companies in Redis", () => {
  let redis: RedisGrants;
  let sent: [operation: string, writes: boolean][];
  /** Runs before an operation of this name is sent. */
  let before: Record<string, () => Promise<unknown>>;
  let index: RedisIndex;

  beforeAll(async () => (redis = await startRedisGrants()));
  beforeEach(async () => {
    await redis.inside.flushAll();
    [sent, before] = [[], {}];
    const inner = createRedis(redis.inside);
    const watched: Redis = {
      async run(operation, call) {
        sent.push([operation, call.writes === true]);
        await before[operation]?.();
        return inner.run(operation, call);
      },
    };
    index = createRedisIndex(watched, keys);
  });
  afterAll(() => redis.close());

  const companies = async () => (await index.companies("app", null, 10)).companies;
  const livesFor = async (key: string) => Math.ceil((await redis.inside.pTTL(key)) / 10_000) * 10_000;

  it("are found by each of their names, and listed by the first", async () => {
    await index.noteFirst([acme, named], id, lifeMs);
    expect([await index.idsOf(acme), await index.idsOf(named)]).toEqual([[id], [id]]);
    expect(await companies()).toEqual([{ company: 7, ids: [id] }]);
    expect((await index.companies("another", null, 10)).companies).toEqual([]);
    expect([await livesFor(keys.company(acme)), await livesFor(listing)]).toEqual([lifeMs, lifeMs]);
  });

  it("are noted for longer with each of their grants, and by no name where they have none", async () => {
    await index.noteFirst([acme], id, lifeMs);
    await index.note([acme], other, 3 * lifeMs);
    expect((await index.idsOf(acme)).sort()).toEqual([id, other].sort());
    expect([await livesFor(keys.company(acme)), await livesFor(listing)]).toEqual([3 * lifeMs, 3 * lifeMs]);
    await index.note([], id, lifeMs);
    await index.noteFirst([], id, lifeMs);
    expect(await redis.inside.dbSize()).toBe(2);
  });

  it("are found with their grants by whoever finds them: their ids are noted first", async () => {
    let found: string[] = [];
    before["note a company"] = async () => (found = await redis.inside.zRange(keys.company(acme), 0, -1));
    await index.noteFirst([acme], id, lifeMs);
    expect(found).toEqual([id]);
  });

  it("have no grants that have ended, and none of what else is noted for them", async () => {
    await index.note([acme, named], id, lifeMs);
    await index.note([acme], other, lifeMs);
    await redis.inside.zAdd(keys.company(acme), { score: Date.now() + lifeMs, value: "no id" });
    await index.forget([acme, named], other);
    expect([await index.idsOf(acme), await index.idsOf(named)]).toEqual([[id], [id]]);
    await index.forget([acme, named], id);
    expect([await index.idsOf(acme), await index.idsOf(named)]).toEqual([[], []]);
  });

  it("are listed no longer once nobody finds a grant of theirs", async () => {
    await index.noteFirst([acme], id, lifeMs);
    await index.noteFirst([named], other, lifeMs);
    await index.forget([acme], id);
    expect(await companies()).toEqual([{ company: { ref: "acme" }, ids: [other] }]);
    expect(await redis.inside.zRange(listing, 0, -1)).toEqual([]);
    expect(await redis.inside.zRange(keys.companies("app", partOf("ref:acme")), 0, -1)).toEqual(["ref:acme"]);
  });

  it("stay listed where they connect again meanwhile", async () => {
    await index.noteFirst([acme], id, lifeMs);
    await index.forget([acme], id);
    before["forget a company"] = async () => {
      delete before["forget a company"];
      await index.noteFirst([acme], other, 2 * lifeMs);
    };
    expect(await companies()).toEqual([]);
    expect(await companies()).toEqual([{ company: 7, ids: [other] }]);
  });

  it("are those only that somebody noted as such", async () => {
    await index.noteFirst([acme], id, lifeMs);
    const score = Date.now() + lifeMs;
    await redis.inside.zAdd(listing, [
      { score, value: "a name" },
      { score, value: "ref:%" },
      { score: 1, value: "id:8" },
    ]);
    expect(await index.companies("app", null, 1)).toMatchObject({ companies: [{ company: 7, ids: [id] }] });
    expect(await companies()).toEqual([{ company: 7, ids: [id] }]);
  });

  it("say what was done in a failure, and write nothing any more once that was given up", async () => {
    await index.noteFirst([acme], id, lifeMs);
    await index.idsOf(acme);
    await index.forget([acme], id);
    await companies();
    expect(new Set(sent.map(([operation, writes]) => `${operation}${writes ? ", in time" : ""}`))).toEqual(
      new Set([
        "note a company's grant, in time",
        "note a company, in time",
        "find a company's grants",
        "forget a company's grant, in time",
        "list companies",
        "forget a company, in time",
      ]),
    );
  });

  it("are none that Redis does not list", async () => {
    const deaf = createRedisIndex({ run: () => Promise.resolve(null) }, keys);
    expect([await deaf.idsOf(acme), await deaf.companies("app", null, 10)]).toEqual([
      [],
      { companies: [], cursor: null },
    ]);
  });
});
