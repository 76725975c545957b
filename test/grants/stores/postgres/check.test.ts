import { ConfigError, StoreError } from "../../../../src/errors/errors";
import { checkTables, isWhole, lookAt, type Ask } from "../../../../src/grants/stores/postgres/check";
import type { Row } from "../../../../src/grants/stores/postgres/client";
import { migration } from "../../../../src/grants/stores/postgres/migration";
import { readTables } from "../../../../src/grants/stores/postgres/tables";
import { describeWith } from "../../../support/programs";
import { startPostgres, type PostgresDatabase } from "../../../support/postgres/postgres";

const columns: Record<string, string> = {
  our_grants: "id app company_key company_ref record version mark ends_at",
  our_grant_links: "grant_id link ends_at",
  our_leases: "key owner claimed_at ends_at outcome",
  our_records: "kind key value version ends_at",
};
const howToMake =
  "Run what `npx express-aircall grants migration` prints, or let the app do it: postgresGrants(pool, { migrate: true }).";

describeWith("postgres", "the tables of grants in PostgreSQL", () => {
  let postgres: PostgresDatabase;

  beforeAll(async () => (postgres = await startPostgres()));
  afterAll(() => postgres.close());

  it("are whole and may be used once they were made, in their schema and in no other", async () => {
    const pool = postgres.pool();
    const place = { schema: "Our", prefix: "our_" };
    await pool.query(migration(place));
    const ask: Ask = async (statement, values) => (await pool.query<Row>(statement, [...values])).rows;
    const seen = await lookAt(readTables(place), ask);
    expect(seen.map((table) => [isWhole(table), table.refused, table.readOnly])).toEqual(
      seen.map(() => [true, "", false]),
    );
    await expect(checkTables(readTables({ prefix: "our_" }), ask)).rejects.toThrow('no table "our_grants"');
    await pool.query('ALTER TABLE "Our".our_leases DROP COLUMN outcome');
    await expect(checkTables(readTables(place), ask)).rejects.toThrow('"Our"."our_leases" lacks columns');
  });
});

describe("the look at the tables of grants", () => {
  const tables = readTables({ schema: "Our", prefix: "our_" });

  /** What Postgres answers, with this otherwise for a table. */
  function answering(changed: Record<string, object> = {}) {
    const asked: (readonly string[])[] = [];
    const ask: Ask = (_statement, values) => {
      asked.push(values);
      const rows = Object.entries(columns).map(([name, found]) => ({
        ...{ name, columns: found, refused: null, read_only: "off" },
        ...changed[name],
      }));
      return Promise.resolve(rows.reverse());
    };
    return { ask, asked };
  }
  const names = Object.keys(columns);

  it("asks for all four in one statement, in their schema or wherever they are looked for", async () => {
    const { ask, asked } = answering();
    await expect(checkTables(tables, ask)).resolves.toBeUndefined();
    await checkTables(readTables({ prefix: "our_" }), ask);
    expect(asked).toEqual([
      ["Our", ...names],
      ["", ...names],
    ]);
  });

  it("sees what is there, as it stands in SQL", async () => {
    const { ask } = answering({ our_leases: { columns: null }, our_records: { refused: "INSERT", read_only: "on" } });
    const seen = await lookAt(tables, ask);
    expect(seen.map(({ name }) => name)).toEqual(names.map((name) => `"Our"."${name}"`));
    expect(seen.map((table) => table.columns)).toEqual([
      columns["our_grants"]!.split(" "),
      columns["our_grant_links"]!.split(" "),
      null,
      columns["our_records"]!.split(" "),
    ]);
    expect(seen.map(({ needed }) => needed.join(" "))).toEqual(Object.values(columns));
    expect(seen.map(({ refused, readOnly }) => [refused, readOnly])).toEqual([
      ["", false],
      ["", false],
      ["", false],
      ["INSERT", true],
    ]);
    expect(seen.map(isWhole)).toEqual([true, true, false, true]);
    expect(await lookAt(tables, () => Promise.resolve([]))).toMatchObject(names.map(() => ({ columns: null })));
  });

  it.each(names)("says that %s is absent, and how it is made", async (name) => {
    const checked = checkTables(tables, answering({ [name]: { columns: null } }).ask);
    await expect(checked).rejects.toEqual(
      new ConfigError(`Postgres has no table "Our"."${name}" where its user looks for it. ${howToMake}`),
    );
  });

  it.each(names)("says that %s lacks a column, whichever it is, and minds none that is more", async (name) => {
    const all = columns[name]!.split(" ");
    for (const absent of all) {
      const found = all.filter((column) => column !== absent).join(" ");
      await expect(checkTables(tables, answering({ [name]: { columns: found } }).ask)).rejects.toEqual(
        new ConfigError(`The table "Our"."${name}" lacks columns. ${howToMake}`),
      );
    }
    await checkTables(tables, answering({ [name]: { columns: `${columns[name]} ours` } }).ask);
  });

  it("says which rights are missing, and how they are given", async () => {
    const checked = checkTables(tables, answering({ our_leases: { refused: "INSERT, DELETE" } }).ask);
    await expect(checked).rejects.toEqual(
      new ConfigError(
        `Postgres lets its user not INSERT, DELETE on "Our"."our_leases": ` +
          `GRANT INSERT, DELETE ON "Our"."our_leases" TO that user.`,
      ),
    );
  });

  it("says where no writes are taken", async () => {
    const readOnly = { read_only: "on" };
    const checked = checkTables(tables, answering({ our_grants: readOnly }).ask);
    await expect(checked).rejects.toBeInstanceOf(StoreError);
    await expect(checked).rejects.toMatchObject({ operation: "keep grants" });
    await expect(checked).rejects.toThrow("takes no writes here: give the pool of the primary");
  });
});
