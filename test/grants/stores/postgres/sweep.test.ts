import { createStatements } from "../../../../src/grants/stores/postgres/statements";
import { createSweeping } from "../../../../src/grants/stores/postgres/sweep";
import { readTables } from "../../../../src/grants/stores/postgres/tables";
import { postgresGrants } from "../../../../src/grants/stores/postgres/postgres";
import { createClock, newGrant } from "../../../support/grants";
import { describeWith } from "../../../support/programs";
import { startPostgres, type PostgresDatabase } from "../../../support/postgres/postgres";

describe("the sweeping of postgresGrants", () => {
  /** What a process that starts now does, with `chance` of being due at once. */
  function startSweeping(swept: "all" | "some" | Error, random = 0) {
    const clock = createClock(0);
    let sweeps = 0;
    const sweep = () => ((sweeps += 1), swept instanceof Error ? Promise.reject(swept) : Promise.resolve(swept));
    const sweepNowAndThen = createSweeping(sweep, { now: clock.now, random: () => random });

    async function write(times: number, everyMs: number): Promise<number> {
      const before = sweeps;
      for (let n = 0; n < times; n += 1) {
        clock.pass(everyMs);
        sweepNowAndThen();
        await new Promise(setImmediate);
      }
      return sweeps - before;
    }
    return { write };
  }

  it("comes every five minutes, however much is written", async () => {
    const { write } = startSweeping("all");

    expect(await write(1, 1)).toBe(1);
    expect(await write(299, 1_000)).toBe(0);
    expect(await write(3_600, 1_000)).toBe(12);
  });

  it("comes sooner where there was more than one sweep takes", async () => {
    const { write } = startSweeping("some");

    expect(await write(10, 1_000)).toBe(10);
    expect(await write(10, 10)).toBe(0);
  });

  it("begins at another time in each process, and goes on after one that failed", async () => {
    expect(await startSweeping("all", 0.9).write(269, 1_000)).toBe(0);
    expect(await startSweeping("all", 0.1).write(31, 1_000)).toBe(1);
    expect(await startSweeping(new Error("gone")).write(601, 1_000)).toBe(3);
  });
});

describeWith("postgres", "what is swept out of PostgreSQL", () => {
  let postgres: PostgresDatabase;

  beforeAll(async () => (postgres = await startPostgres()));
  afterAll(() => postgres.close());

  it("has ended, a thousand rows of each table at most, and nothing else is", async () => {
    const pool = postgres.pool();
    const store = postgresGrants(pool, { migrate: true });
    const id = await store.create(newGrant(), 60_000, "a");
    await store.claim("alive", "owner", 60_000);
    await store.records("marks").put("alive", "", { version: null, lifeMs: 60_000 });
    await pool.query(`
      INSERT INTO aircall_grants SELECT 'g' || n, '', '', '', '', 1, '', now() - interval '1 second' FROM generate_series(1, 1500) n;
      INSERT INTO aircall_grant_links SELECT 'g' || n, 'a', now() - interval '1 second' FROM generate_series(1, 1500) n;
      INSERT INTO aircall_leases SELECT 'k' || n, '', now(), now() - interval '1 second' FROM generate_series(1, 400) n;
      INSERT INTO aircall_records SELECT 'marks', 'k' || n, '', 1, now() - interval '1 second' FROM generate_series(1, 1100) n`);
    const count = async () => {
      const tables = ["grants", "grant_links", "leases", "records"];
      const counts = tables.map((table) => `(SELECT count(*)::int FROM aircall_${table})`);
      return Object.values(
        (await pool.query<Record<string, number>>({ text: `SELECT ARRAY[${counts.join()}]` })).rows[0]!,
      )[0];
    };
    const { sweep } = createStatements(readTables({}));

    expect((await pool.query(sweep)).rows).toMatchObject([{ done: "1000" }]);
    expect(await count()).toEqual([501, 501, 1, 101]);
    expect((await pool.query(sweep)).rows).toMatchObject([{ done: "500" }]);
    expect(await count()).toEqual([1, 1, 1, 1]);
    expect(await store.get(id, "a")).not.toBeNull();
    expect(await store.claim("alive", "another", 60_000)).toMatchObject({ ours: false });
  });
});
