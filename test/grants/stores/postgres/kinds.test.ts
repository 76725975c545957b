import type { Pool } from "pg";
import type { RecordStore } from "../../../../src/grants/store";
import { createPostgres, type Postgres } from "../../../../src/grants/stores/postgres/client";
import { createPostgresKind } from "../../../../src/grants/stores/postgres/kinds";
import { postgresGrants } from "../../../../src/grants/stores/postgres/postgres";
import { createStatements } from "../../../../src/grants/stores/postgres/statements";
import { readTables } from "../../../../src/grants/stores/postgres/tables";
import { describeWith } from "../../../support/programs";
import { startPostgres, type PostgresDatabase } from "../../../support/postgres/postgres";

const fresh = { version: null, lifeMs: 60_000 };

describeWith("postgres", "the records of a kind in PostgreSQL", () => {
  let postgres: PostgresDatabase;
  let pool: Pool;
  let done: string[];
  let marks: RecordStore;

  beforeAll(async () => {
    postgres = await startPostgres();
    pool = postgres.pool();
    await postgresGrants(pool, { migrate: true }).check!();
  });
  beforeEach(async () => {
    await postgres.empty();
    done = [];
    marks = open("marks");
  });
  afterAll(() => postgres.close());

  function open(kind: string): RecordStore {
    const inner = createPostgres(pool);
    const watched: Postgres = {
      ask: (operation, ...more) => (done.push(operation), inner.ask(operation, ...more)),
      write: (operation, ...more) => (done.push(`${operation}, in time`), inner.write(operation, ...more)),
    };
    return createPostgresKind(watched, createStatements(readTables({})), kind);
  }

  it("keep any text, in a version that each write changes", async () => {
    for (const value of ["", "1 2", "two\nlines ☎"]) {
      const version = await marks.put(`a ${value}`, value, fresh);
      expect(await marks.get(`a ${value}`)).toEqual({ key: `a ${value}`, value, version });
    }
    expect(await marks.get("none")).toBeNull();
    expect(await open("others").get("a ")).toBeNull();
  });

  it("are written where nobody has, or in the version that stands there", async () => {
    const version = (await marks.put("a", "1", fresh))!;
    expect(await marks.put("a", "2", fresh)).toBeNull();
    expect(await marks.put("a", "2", { version: version + 1, lifeMs: 60_000 })).toBeNull();
    const next = await marks.put("a", "2", { version, lifeMs: 60_000 });
    expect(next).not.toBe(version);
    expect(await marks.get("a")).toEqual({ key: "a", value: "2", version: next });
    expect(await marks.put("b", "1", { version, lifeMs: 60_000 })).toBeNull();
  });

  it("are deleted once, in any version or in the one that was seen", async () => {
    const version = (await marks.put("a", "", fresh))!;
    expect(await marks.delete("a", version + 1)).toBe(false);
    expect([await marks.delete("a", version), await marks.get("a")]).toEqual([true, null]);
    await marks.put("b", "", fresh);
    expect([await marks.delete("b"), await marks.delete("b")]).toEqual([true, false]);
  });

  it.each([1, 2, 5, 6, 10])("are listed in order, each once, %i a page", async (limit) => {
    const names = ["c", "a", "0", "b", "d"];
    for (const name of names) await marks.put(name, name.toUpperCase(), fresh);
    await open("others").put("f", "F", fresh);
    const found: string[] = [];
    let cursor: string | null = null;
    for (let pages = 0; pages <= names.length; pages += 1) {
      const page = await marks.list(cursor, limit);
      expect(page.records.length).toBeLessThanOrEqual(limit);
      found.push(...page.records.map(({ key, value }) => key + value));
      cursor = page.cursor;
      if (cursor === null) break;
    }
    expect([found, cursor]).toEqual([["00", "aA", "bB", "cC", "dD"], null]);
  });

  it("have no more pages once one was not full", async () => {
    await marks.put("a", "", fresh);
    expect(await marks.list(null, 2)).toMatchObject({ records: [{ key: "a" }], cursor: null });
    expect((await marks.list(null, 1)).cursor).toBe("a");
    expect(await marks.list("a", 1)).toEqual({ records: [], cursor: null });
  });

  it("say what was done, and that it is no longer done once it was given up", async () => {
    const version = (await marks.put("a", "", fresh))!;
    await marks.put("a", "", { version, lifeMs: 60_000 });
    await marks.get("a");
    await marks.list(null, 1);
    await marks.delete("a");
    expect(done).toEqual([
      "keep a record, in time",
      "keep a record, in time",
      "read a record",
      "list records",
      "delete a record, in time",
    ]);
  });
});
