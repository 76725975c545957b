import { inspect } from "node:util";
import type { Pool } from "pg";
import { ConfigError, StoreError } from "../../../../src/errors/errors";
import type { GrantStore } from "../../../../src/grants/store";
import { migration } from "../../../../src/grants/stores/postgres/migration";
import { postgresGrants, type PostgresGrantsOptions } from "../../../../src/grants/stores/postgres/postgres";
import type { PostgresClient } from "../../../../src/grants/stores/postgres/client";
import { newGrant } from "../../../support/grants";
import { describeWith } from "../../../support/programs";
import { promised } from "../../../support/promised";
import { startPostgres, type PostgresDatabase } from "../../../support/postgres/postgres";
import { startTcpProxy, type TcpProxy } from "../../../support/servers/tcp-proxy";

const lifeMs = 60_000;
const absent = "a".repeat(32);

describeWith("postgres", "postgresGrants, as PostgreSQL falls ill", () => {
  let postgres: PostgresDatabase;
  let proxy: TcpProxy;
  let inside: Pool;

  beforeAll(async () => {
    postgres = await startPostgres();
    inside = postgres.pool();
    await inside.query(migration());
  });
  beforeEach(async () => {
    await postgres.empty();
    proxy = await startTcpProxy(postgres.address.port);
  });
  afterEach(() => proxy.close());
  afterAll(() => postgres.close());

  const throughProxy = () => postgresGrants(postgres.pool({ port: proxy.port, host: "127.0.0.1" }));

  /** Each way in. */
  const calls = (store: GrantStore, id = absent): (() => Promise<unknown>)[] => [
    () => store.get(id),
    () => store.idsOf(null, 7),
    () => store.outcome("a"),
    () => store.create(newGrant(), lifeMs, "a"),
    () => store.replace(id, 1, newGrant()),
    () => store.prolong(id, lifeMs),
    () => store.link(id, "b", lifeMs),
    () => store.unlink(id, "b"),
    () => store.delete(id),
    () => store.claim("a", "owner", 1_000),
    () => store.renewClaim("a", "owner", 1_000),
    () => store.settle("a", { error: "b" }, 60_000),
    () => store.withLock(id, () => Promise.resolve()),
  ];

  it("lets nobody wait longer than 2.5 s for one that hangs, leaves nothing behind, and works again as it goes on", async () => {
    const store = throughProxy();
    const id = await store.create(newGrant(), lifeMs);
    proxy.hang(true);
    const startedAt = performance.now();
    const failures = await Promise.all(calls(store, id).map((call) => call().catch((error: unknown) => error)));
    expect(performance.now() - startedAt).toBeLessThan(promised(2_500));
    for (const failure of failures) expect(failure).toBeInstanceOf(StoreError);
    proxy.hang(false);

    expect(await until(() => store.create(newGrant(), lifeMs).then(Boolean, () => false))).toBe(true);
    expect(await until(async () => (await inside.query("SELECT * FROM aircall_leases")).rows.length === 0)).toBe(true);
    expect(await until(async () => (await inside.query("SELECT * FROM aircall_grants")).rows.length === 1)).toBe(true);
  });

  it("names the failure where connections are cut as it answers, and goes on", async () => {
    const store = throughProxy();
    const id = await store.create(newGrant(), lifeMs);
    proxy.cutAnswers(true);
    await expect(store.replace(id, 1, newGrant({ accessToken: "second" }))).rejects.toMatchObject({
      code: "store_failed",
    });
    await expect(store.get(id)).rejects.toBeInstanceOf(StoreError);
    proxy.cutAnswers(false);

    const { version } = (await store.get(id))!;
    expect(await store.replace(id, version, newGrant({ accessToken: "third" }))).toBe(true);
    expect(await store.get(id)).toMatchObject({ accessToken: "third" });
  });

  it("goes on after its connections were ended by an administrator", async () => {
    const pool = postgres.pool();
    const store = postgresGrants(pool);
    const id = await store.create(newGrant(), lifeMs);
    const mine =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    await inside.query(mine);

    expect(await until(() => store.get(id).then(Boolean, () => false))).toBe(true);
  });

  it("reads on while it takes no writes, and says what to do for the rest", async () => {
    const store = postgresGrants(postgres.pool({ options: "-c default_transaction_read_only=on" }));

    expect(await store.get(absent)).toBeNull();
    await expect(store.create(newGrant(), lifeMs)).rejects.toThrow(
      /takes no writes here: give the pool of the primary/,
    );
    await expect(store.check!()).rejects.toBeInstanceOf(StoreError);
  });

  it("tells no value, token or key in any error, whoever sends its statements", async () => {
    const sentinel = "sentinel-of-a-secret";
    await inside.query("ALTER TABLE aircall_grants ADD CONSTRAINT none CHECK (record NOT LIKE '%sentinel%')");
    await inside.query("ALTER TABLE aircall_leases ADD CONSTRAINT none CHECK (key NOT LIKE '%sentinel%')");
    const pool = postgres.pool();
    const likePrisma: PostgresClient = {
      query: (text, values) =>
        pool.query(text, values).catch((error: Record<string, unknown>) => {
          const { code, detail, message } = error;
          throw Object.assign(new Error(`Raw query failed. ${String(message)} ${String(detail)}`), {
            code: "P2010",
            meta: { code, message: `${String(message)} ${String(detail)}` },
          });
        }),
    };
    const likeDrizzle: PostgresClient = {
      query: (text, values) =>
        pool.query(text, values).catch((cause: unknown) => {
          throw Object.assign(new Error(`Failed query: ${text}\nparams: ${values.join()}`, { cause }), {
            params: values,
          });
        }),
    };
    const failures: unknown[] = [];
    for (const db of [pool, likePrisma, likeDrizzle]) {
      const store = postgresGrants(db);
      const grant = newGrant({ accessToken: sentinel, refreshToken: sentinel });
      for (const call of [
        () => store.create(grant, lifeMs, sentinel),
        () => store.claim(sentinel, sentinel, 1_000),
        () => store.settle(sentinel, { error: sentinel }, 1_000),
        () => store.withLock(sentinel, () => Promise.resolve()),
        () => store.claim(`${sentinel}\0`, sentinel, 1_000),
      ]) {
        failures.push(await call().catch((error: unknown) => error));
      }
    }
    await inside.query("ALTER TABLE aircall_grants DROP CONSTRAINT none");
    await inside.query("ALTER TABLE aircall_leases DROP CONSTRAINT none");

    for (const failure of failures) {
      expect(failure).toMatchObject({
        name: "StoreError",
        cause: { name: "PostgresError", code: expect.stringMatching(/^2/) },
      });
      const shown = [
        inspect(failure, { depth: 10, showHidden: true }),
        JSON.stringify(failure),
        String((failure as Error).stack),
      ];
      expect(shown.join()).not.toContain("sentinel");
    }
  });

  describe("before anybody is sent to Aircall", () => {
    it("says how the tables that are missing are made", async () => {
      const store = postgresGrants(inside, { schema: "nowhere" });

      await expect(store.check!()).rejects.toThrow(ConfigError);
      await expect(store.check!()).rejects.toThrow(
        /no table "nowhere"\."aircall_grants".*grants migration.*migrate: true/s,
      );
      await expect(store.get(absent)).rejects.toThrow(/has not the tables of grants.*grants migration.*42P01/);
    });

    it("says which columns' table is another version's", async () => {
      await inside.query(
        "CREATE TABLE old_grants (id text); CREATE TABLE old_grant_links (id text); CREATE TABLE old_leases (id text); " +
          "CREATE TABLE old_records (id text)",
      );

      await expect(postgresGrants(inside, { prefix: "old_" }).check!()).rejects.toThrow(/"old_grants" lacks columns/);
    });

    it("says which rights its user lacks, to use the tables and to make them", async () => {
      const role = `guest_${postgres.address.database}`;
      await inside.query(
        `CREATE ROLE ${role} LOGIN PASSWORD 'of a guest'; GRANT SELECT, DELETE ON ALL TABLES IN SCHEMA public TO ${role}`,
      );
      const pool = postgres.pool({ user: role, password: "of a guest" });
      try {
        const store = postgresGrants(pool);
        await expect(store.check!()).rejects.toThrow(
          /not INSERT, UPDATE on "aircall_grants": GRANT INSERT, UPDATE ON "aircall_grants" TO/,
        );
        await expect(store.create(newGrant(), lifeMs)).rejects.toThrow(/keeps a table from its user.*42501/);
        const making = postgresGrants(pool, { prefix: "mine_", migrate: true });
        await expect(making.get(absent)).rejects.toThrow(/make no tables.*grants migration/);
        await inside.query(`GRANT CREATE ON SCHEMA public TO ${role}`);
        expect(await making.get(absent)).toBeNull();
      } finally {
        await pool.end();
        await inside.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
      }
    });

    it("succeeds where all is there, also where its user may make nothing", async () => {
      await expect(postgresGrants(inside, { migrate: true }).check!()).resolves.toBeUndefined();
    });
  });

  describe("its tables", () => {
    it("are made by eight that start at once", async () => {
      for (const prefix of ["first_", "second_", "third_", "fourth_", "fifth_"]) {
        const starting = Array.from({ length: 8 }, async () => {
          const pool = postgres.pool({ max: 1 });
          await postgresGrants(pool, { prefix, schema: `${prefix}schema`, migrate: true }).check!();
          await pool.end();
        });
        await expect(Promise.all(starting)).resolves.toHaveLength(8);
      }
    });

    it("are made once by what is printed, and left alone by the second time", async () => {
      const place: PostgresGrantsOptions = { schema: "printed", prefix: "p_" };
      await inside.query(migration(place));
      const store = postgresGrants(inside, place);
      const id = await store.create(newGrant(), lifeMs);
      await inside.query(migration(place));

      await store.check!();
      expect(await store.get(id)).not.toBeNull();
    });
  });

  it.each<[string, unknown, RegExp]>([
    ["nothing", undefined, /pass a Pool or a Client of pg 8.*got undefined/],
    ["an address", "postgres://localhost", /pass a Pool or a Client of pg 8.*got text/],
    ["Prisma", { $queryRawUnsafe: () => undefined }, /this is Prisma.*prisma\.\$queryRawUnsafe\(text, \.\.\.values\)/],
    ["Drizzle", { $client: { query: () => undefined } }, /this is Drizzle.*postgresGrants\(db\.\$client\)/],
    ["Knex", Object.assign(() => undefined, { raw: () => undefined }), /this is Knex/],
  ])("refuses %s, and says what to pass", (_name, db, reason) => {
    expect(() => postgresGrants(db as PostgresClient)).toThrow(ConfigError);
    expect(() => postgresGrants(db as PostgresClient)).toThrow(reason);
  });

  it.each<[PostgresGrantsOptions, RegExp]>([
    [{ schema: 'a"b' }, /schema \}\) must be letters/],
    [{ prefix: "x; DROP TABLE users" }, /prefix \}\) must be letters/],
    [{ prefix: "p".repeat(31) }, /at most 30/],
    [{ migrate: "yes" as never }, /migrate must be true or false/],
    [{ encryptionKeys: ["short"] }, /at least 32 characters/],
    [{ shcema: "x" } as never, /shcema/],
  ])("refuses %j", (options, reason) => {
    expect(() => postgresGrants(inside, options)).toThrow(reason);
  });

  it("says what a query must answer, where it answers otherwise", async () => {
    const db = { query: () => Promise.resolve([]) } as unknown as PostgresClient;

    await expect(postgresGrants(db).get(absent)).rejects.toThrow(
      /db\.query\(\) must answer \{ rows \}; it answered an array/,
    );
  });
});

/** False when it has not come to pass within five seconds. */
async function until(condition: () => Promise<boolean>): Promise<boolean> {
  const startedAt = performance.now();
  while (performance.now() - startedAt < 5_000) {
    if (await condition()) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}
