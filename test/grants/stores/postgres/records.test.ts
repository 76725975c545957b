import type { Pool } from "pg";
import { createGrantText } from "../../../../src/grants/encryption";
import { newGrantId, type Grant } from "../../../../src/grants/grant";
import { createPostgres, type Postgres, type Row } from "../../../../src/grants/stores/postgres/client";
import { postgresGrants } from "../../../../src/grants/stores/postgres/postgres";
import { appOf, createPostgresRecords } from "../../../../src/grants/stores/postgres/records";
import { createStatements } from "../../../../src/grants/stores/postgres/statements";
import { readTables } from "../../../../src/grants/stores/postgres/tables";
import { newGrant } from "../../../support/grants";
import { describeWith } from "../../../support/programs";
import { startPostgres, type PostgresDatabase } from "../../../support/postgres/postgres";

const [today, yesterday] = ["today's key, of 32 characters....", "yesterday's key, of 32 characters"];

describeWith("postgres", "the rows of grants in PostgreSQL", () => {
  let postgres: PostgresDatabase;
  let pool: Pool;
  let done: string[];

  beforeAll(async () => {
    postgres = await startPostgres();
    pool = postgres.pool();
    await postgresGrants(pool, { migrate: true }).check!();
  });
  beforeEach(() => postgres.empty());
  afterAll(() => postgres.close());

  function open(...encryptionKeys: string[]) {
    const inner = createPostgres(pool);
    done = [];
    const watched: Postgres = {
      ask: (operation, ...more) => (done.push(operation), inner.ask(operation, ...more)),
      write: (operation, ...more) => (done.push(`${operation}, in time`), inner.write(operation, ...more)),
    };
    const text = createGrantText({ encryptionKeys, acceptUnsealed: true });
    return createPostgresRecords({ postgres: watched, statements: createStatements(readTables({})), text });
  }
  const create = (changes: Partial<Grant> = {}, key = today) =>
    postgresGrants(pool, { encryptionKeys: [key] }).create(newGrant(changes), 60_000, "a");
  const rowOf = async (id: string) =>
    (await pool.query<Row>("SELECT id, version::text, mark, record FROM aircall_grants WHERE id = $1", [id])).rows[0]!;

  it("are found by an id, and with a link where it leads there", async () => {
    const [records, id] = [open(today), await create()];
    const grant = { ...newGrant(), version: 1 };
    expect([await records.find(id), await records.find(id, "a")]).toEqual([grant, grant]);
    expect([await records.find(id, "b"), await records.find(newGrantId())]).toEqual([null, null]);
    expect(new Set(done)).toEqual(new Set(["read a grant"]));
  });

  it("are not asked for by what is no id", async () => {
    expect(await open(today).find("no id")).toBeNull();
    expect(done).toEqual([]);
  });

  it("are found by many ids, in their order", async () => {
    const [one, other] = [await create({ accessToken: "one" }), await create({ accessToken: "other" })];
    const found = await open(today).findMany([other, "no id", newGrantId(), one]);
    expect(found.map((grant) => grant?.accessToken ?? null)).toEqual(["other", null, null, "one"]);
    expect(done).toEqual(["read grants"]);
  });

  it.each(["version = 2", "mark = '7'", "record = ''"])("are none with another %s beside them", async (changed) => {
    const [records, id] = [open(today), await create()];
    await pool.query(`UPDATE aircall_grants SET ${changed}`);
    expect([await records.find(id), await records.findMany([id])]).toEqual([null, [null]]);
  });

  it("are kept with their app, both names of their company, and a mark of their own", () => {
    const records = open(today);
    const valuesOf = (changes: Partial<Grant>) => records.valuesOf("id", { ...newGrant(changes), version: 1 });
    const [app, key, ref, record, mark] = valuesOf({ app: "client", ref: "acme" });
    expect([app, new Set([key, ref])]).toEqual(["client", new Set(["id:7", "ref:acme"])]);
    expect(mark).toMatch(/^\d+$/);
    expect(record).not.toContain("access-0");
    const other = valuesOf({});
    expect([other[0], other[1], other[2]]).toEqual(["", "id:7", ""]);
    expect([other[3] === record, other[4] === mark]).toEqual([false, false]);
    expect([appOf("client"), appOf(null)]).toEqual(["client", ""]);
  });

  it("are sealed with today's key where another has sealed them, and left as they are where it has", async () => {
    const id = await create({}, yesterday);
    const records = open(today, yesterday);
    const older = await rowOf(id);
    await records.sealAnew(id, older);
    expect(await open(today).find(id)).toEqual({ ...newGrant(), version: 1 });

    const again = open(today, yesterday);
    const current = await rowOf(id);
    expect(current["mark"]).not.toBe(older["mark"]);
    await again.sealAnew(id, current);
    await again.sealAnew(id, { ...current, mark: "7" });
    expect([await rowOf(id), done]).toEqual([current, []]);
    await again.sealAnew(id, older);
    expect([await rowOf(id), done]).toEqual([current, ["seal a grant anew, in time"]]);
  });
});
