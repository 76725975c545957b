import session = require("express-session");
import { memoryGrants } from "../../src/grants/stores/memory";
import { postgresGrants } from "../../src/grants/stores/postgres/postgres";
import { sessionGrants } from "../../src/grants/stores/session";
import type { GrantStore } from "../../src/grants/store";
import { createClock, newGrant } from "../support/grants";
import { startPostgres, type PostgresDatabase } from "../support/postgres/postgres";
import { describeWith } from "../support/programs";
import { rounds } from "../support/promised";
import { startRedisGrants, type RedisGrants } from "../support/redis/redis-grants";
import { letRedisTimePass } from "../support/redis/redis-time";

const lifeMs = 60_000;
/** A thousand logouts in the soak. */
const [howOften, atOnce] = [rounds(10, 40), 25];

/** Logs out people while others write their grants and extend their lives; how many are back afterwards? */
async function raceLogouts(stores: readonly GrantStore[], pass: (ms: number) => unknown): Promise<number> {
  const one = () => stores[Math.floor(Math.random() * stores.length)]!;

  async function race(id: string): Promise<void> {
    const use = async () => {
      const grant = await one().get(id);
      if (grant) await one().replace(id, grant.version, grant);
    };
    await Promise.all(
      [use(), one().prolong(id, lifeMs), use(), one().delete(id), one().prolong(id, lifeMs), use()].sort(
        () => Math.random() - 0.5,
      ),
    );
  }

  const ids: string[] = [];
  for (let round = 0; round < howOften; round += 1) {
    const these = await Promise.all(Array.from({ length: atOnce }, () => one().create(newGrant(), lifeMs)));
    await pass(0.6 * lifeMs);
    await Promise.all(these.map(race));
    ids.push(...these);
  }
  const there = await Promise.all(ids.map((id) => one().get(id)));
  expect(await one().idsOf(null, 7)).toEqual([]);
  return there.filter(Boolean).length;
}

describe("raced logouts", () => {
  it("are all final in memory", async () => {
    const clock = createClock();

    expect(await raceLogouts([memoryGrants({ now: clock.now })], clock.pass)).toBe(0);
  });

  it("are all final in the session store", async () => {
    const clock = createClock(Date.now());

    expect(await raceLogouts([sessionGrants(new session.MemoryStore(), { now: clock.now })], clock.pass)).toBe(0);
  });
});

describeWith("redis-server", "raced logouts in Redis", () => {
  let redis: RedisGrants;

  beforeAll(async () => (redis = await startRedisGrants()));
  afterAll(() => redis.close());

  it("are all final over four connections", async () => {
    const stores = await Promise.all([1, 2, 3, 4].map(() => redis.grants()));
    const pass = (ms: number) => letRedisTimePass((script, arg) => redis.inside.eval(script, { arguments: [arg] }), ms);

    expect(await raceLogouts(stores, pass)).toBe(0);
  });
});

describeWith("postgres", "raced logouts in PostgreSQL", () => {
  let postgres: PostgresDatabase;

  beforeAll(async () => (postgres = await startPostgres()));
  afterAll(() => postgres.close());

  it("are all final over four pools", async () => {
    const stores = [1, 2, 3, 4].map(() => postgresGrants(postgres.pool(), { migrate: true }));

    expect(await raceLogouts(stores, postgres.pass)).toBe(0);
  });
});
