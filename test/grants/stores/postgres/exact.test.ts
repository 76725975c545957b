import { randomBytes } from "node:crypto";
import { Client, type Pool } from "pg";
import { postgresGrants, type PostgresGrantsOptions } from "../../../../src/grants/stores/postgres/postgres";
import type { PostgresClient, Row } from "../../../../src/grants/stores/postgres/client";
import { newGrant } from "../../../support/grants";
import { everyBitOf } from "../../../support/bits";
import { describeWith } from "../../../support/programs";
import { startPostgres, type PostgresDatabase } from "../../../support/postgres/postgres";

const lifeMs = 60_000;
const fresh = { version: null, lifeMs };
const [today, yesterday] = ["today's key, of 32 characters....", "yesterday's key, of 32 characters"];

describeWith("postgres", "postgresGrants", () => {
  let postgres: PostgresDatabase;
  let inside: Pool;

  beforeAll(async () => {
    postgres = await startPostgres();
    inside = postgres.pool();
    await postgresGrants(inside, { migrate: true }).check!();
  });
  beforeEach(() => postgres.empty());
  afterAll(() => postgres.close());

  /** The grants as so many processes see them, each over connections of its own. */
  const processes = (count: number, options?: PostgresGrantsOptions) =>
    Array.from({ length: count }, () => postgresGrants(postgres.pool({ max: 2 }), options));

  it("lets one of 100 writers through, whichever process they are in", async () => {
    const stores = processes(4);
    const id = await stores[0]!.create(newGrant(), lifeMs);

    for (let version = 1; version <= 3; version += 1) {
      const writers = Array.from({ length: 100 }, (_, n) => stores[n % 4]!.replace(id, version, newGrant()));
      expect((await Promise.all(writers)).filter(Boolean)).toHaveLength(1);
    }
    expect(await stores[0]!.get(id)).toMatchObject({ version: 4 });
  });

  it("gives a claim to one of 60, whichever process they are in, and says the same to all others", async () => {
    const stores = processes(4);

    const claims = await Promise.all(Array.from({ length: 60 }, (_, n) => stores[n % 4]!.claim("a", `${n}`, lifeMs)));

    expect(claims.filter(({ ours }) => ours)).toHaveLength(1);
    expect(Math.max(...claims.map(({ ageMs }) => ageMs))).toBeLessThan(30_000);
  });

  it("lets one of 60 who write a record through, whichever process they are in, new or not", async () => {
    const kinds = processes(4).map((store) => store.records("marks"));

    for (let version: number | null = null, round = 0; round < 4; round += 1) {
      const writers = Array.from({ length: 60 }, (_, n) => kinds[n % 4]!.put("a", `${n}`, { version, lifeMs }));
      const written = (await Promise.all(writers)).filter((each) => each !== null);
      expect(written).toHaveLength(1);
      version = written[0]!;
    }
    const deleted = await Promise.all(Array.from({ length: 60 }, (_, n) => kinds[n % 4]!.delete("a")));
    expect(deleted.filter(Boolean)).toHaveLength(1);
  });

  it("lets nobody delete a record who began before it was deleted, and comes to it afterwards", async () => {
    const [others] = processes(1).map((store) => store.records("marks"));
    await others!.put("a", "1", fresh);
    const other = new Client(postgres.address);
    await other.connect();
    await other.query("BEGIN");
    await other.query("SELECT 1 FROM aircall_records FOR UPDATE");

    const late = others!.delete("a");
    await waiting();
    expect(await postgresGrants(other).records("marks").delete("a")).toBe(true);
    await other.query("COMMIT");
    await other.end();

    expect(await late).toBe(false);
  });

  it("lets one process at a time work under a lock, over a pool of one that the work uses too", async () => {
    const pools = [1, 2].map(() => postgres.pool({ max: 1 }));
    const stores = pools.map((pool) => postgresGrants(pool));
    let [working, most] = [0, 0];

    async function work(pool: Pool): Promise<void> {
      most = Math.max(most, (working += 1));
      await pool.query("SELECT pg_sleep(0.002)");
      working -= 1;
    }
    await Promise.all(Array.from({ length: 20 }, (_, n) => stores[n % 2]!.withLock("g", () => work(pools[n % 2]!))));

    expect(most).toBe(1);
    expect(await leases()).toEqual([]);
  });

  it("lets a lock live for thirty seconds, and says a little less", async () => {
    const [store] = processes(1);
    const [left, said] = await store!.withLock("g", async (lock) => {
      const { rows } = await inside.query<{ left: string }>(
        "SELECT extract(epoch FROM ends_at - clock_timestamp()) * 1000 AS left FROM aircall_leases",
      );
      return [Number(rows[0]!.left), lock.remainingMs()] as const;
    });

    expect(said).toBeGreaterThan(27_000);
    expect(said).toBeLessThanOrEqual(left + 50);
  });

  it("takes one statement for everything it does, outside of any transaction", async () => {
    const { store, statements } = watched(inside);
    await store.claim("the first write asks for the time", "owner", lifeMs);
    const id = await store.create(newGrant(), lifeMs, "a");
    const marks = store.records("marks");
    const each: [string, () => Promise<unknown>][] = [
      ["get", () => store.get(id)],
      ["get by link", () => store.get(id, "a")],
      ["create", () => store.create(newGrant(), lifeMs, "b")],
      ["replace", () => store.replace(id, 1, newGrant())],
      ["prolong", () => store.prolong(id, lifeMs, "a")],
      ["link", () => store.link(id, "c", lifeMs, "a")],
      ["unlink", () => store.unlink(id, "a")],
      ["idsOf", () => store.idsOf(null, 7)],
      ["claim", () => store.claim("attempt", "owner", lifeMs)],
      ["claim of another", () => store.claim("attempt", "another", lifeMs)],
      ["renewClaim", () => store.renewClaim("attempt", "owner", lifeMs)],
      ["settle", () => store.settle("attempt", { grantId: id }, lifeMs)],
      ["outcome", () => store.outcome("attempt")],
      ["put a new record", () => marks.put("a", "1", fresh)],
      ["put a record", () => marks.put("a", "2", { version: 1, lifeMs })],
      ["get a record", () => marks.get("a")],
      ["list records", () => marks.list(null, 10)],
      ["delete a record", () => marks.delete("a")],
      ["delete", () => store.delete(id)],
      ["check", () => store.check!()],
    ];

    for (const [name, call] of each) {
      statements.length = 0;
      await call();
      expect([name, statements.length]).toEqual([name, 1]);
      expect(statements[0]).not.toMatch(/;|\b(BEGIN|COMMIT|SET LOCAL|advisory|LISTEN|PREPARE)\b/);
    }
  });

  it("does every write once where it is sent twice", async () => {
    const store = postgresGrants({
      query: async (text, values) => (await inside.query(text, values), inside.query(text, values)),
    });
    const id = await store.create(newGrant(), lifeMs, "a");

    expect(await store.replace(id, 1, newGrant({ accessToken: "second" }))).toBe(true);
    expect(await store.get(id, "a")).toMatchObject({ accessToken: "second", version: 2 });
    expect(await store.claim("attempt", "ours", lifeMs)).toMatchObject({ ours: true });
    expect(await store.renewClaim("attempt", "ours", lifeMs)).toBe(true);
    expect(await store.link(id, "b", lifeMs)).toBe(true);
    expect(await store.link(id, "c", lifeMs, "b")).toBe(true);
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
    expect(await marks.get("a")).toBeNull();
  });

  it("does not do what it gave up, when it is asked at last", async () => {
    const [store] = processes(1);
    const id = await store!.create(newGrant(), lifeMs);
    const version = await store!.records("marks").put("kept", "in time", fresh);
    const late: (() => Promise<unknown>)[] = [];
    const slow = postgresGrants({
      query(text, values) {
        if (!/INSERT|UPDATE/.test(text)) return inside.query(text, values);
        return new Promise((resolve) => late.push(() => inside.query(text, values).then(resolve)));
      },
    });
    const given = [
      () => slow.replace(id, 1, newGrant({ accessToken: "late" })),
      () => slow.link(id, "late", lifeMs),
      () => slow.claim("late", "owner", lifeMs),
      () => slow.settle("late", { grantId: id }, lifeMs),
      () => slow.prolong(id, 100 * lifeMs),
      () => slow.create(newGrant(), lifeMs),
      () => slow.records("marks").put("late", "", fresh),
      () => slow.records("marks").put("kept", "late", { version, lifeMs }),
      () => slow.records("marks").delete("kept"),
    ];
    const refused = await Promise.all(given.map((call) => call().catch((error: { code: string }) => error.code)));
    for (const land of late) await land();

    expect(refused).toEqual(given.map(() => "store_failed"));
    expect(late).toHaveLength(given.length);
    expect(await store!.get(id)).toMatchObject({ accessToken: "access-0", version: 1 });
    expect(await store!.get(id, "late")).toBeNull();
    expect(await store!.idsOf(null, 7)).toEqual([id]);
    expect(await leases()).toEqual([]);
    const kept = { key: "kept", value: "in time", version };
    expect(await store!.records("marks").list(null, 10)).toEqual({ records: [kept], cursor: null });
    await postgres.pass(2 * lifeMs);
    expect(await store!.get(id)).toBeNull();
  });

  it("does not do what waited for somebody else's row for too long", async () => {
    const [store] = processes(1);
    const id = await store!.create(newGrant(), lifeMs, "a");
    const other = new Client(postgres.address);
    await other.connect();
    await other.query("BEGIN");
    await other.query("SELECT 1 FROM aircall_grants FOR UPDATE");

    const writes = [() => store!.replace(id, 1, newGrant()), () => store!.prolong(id, 100 * lifeMs, "a")];
    for (const write of writes.map((call) => call()))
      await expect(write).rejects.toMatchObject({ code: "store_failed" });
    await other.query("ROLLBACK");
    await other.end();
    await idle();

    expect(await store!.get(id)).toMatchObject({ version: 1 });
    await postgres.pass(2 * lifeMs);
    expect(await store!.get(id)).toBeNull();
  });

  it("sends a write again that another clock refused, and writes on by that clock", async () => {
    let aheadMs = 0;
    const store = postgresGrants({
      async query(text, values) {
        const sent = text.includes("to_timestamp($1")
          ? [String(Number(values[0]) - aheadMs), ...values.slice(1)]
          : values;
        const { rows } = (await inside.query(text, sent)) as { rows: { clock?: string }[] };
        return { rows: rows.map((row) => (row.clock ? { ...row, clock: String(Number(row.clock) + aheadMs) } : row)) };
      },
    });
    const id = await store.create(newGrant(), lifeMs);
    aheadMs = 3_600_000;

    expect(await store.replace(id, 1, newGrant())).toBe(true);
    expect(await store.replace(id, 2, newGrant())).toBe(true);
  });

  it("keeps a sealed grant unreadable, bound to its id and to the bits it has", async () => {
    const [store] = processes(1, { encryptionKeys: [today] });
    const [id, other] = [await store!.create(newGrant(), lifeMs), await store!.create(newGrant(), lifeMs)];
    const { rows } = await inside.query<Row>("SELECT version::text, mark, record FROM aircall_grants WHERE id = $1", [
      id,
    ]);
    const record = String(rows[0]!["record"]);
    const read = (from: string, text: string) =>
      postgresGrants(
        { query: () => Promise.resolve({ rows: [{ ...rows[0], record: text }] }) },
        { encryptionKeys: [today] },
      ).get(from);
    expect(record).toMatch(/^-\/7 [\w-]+$/);

    expect(await read(other, record)).toBeNull();
    for (const changed of [record.slice(0, -1), ...everyBitOf(record)]) expect(await read(id, changed)).toBeNull();
    expect(await read(id, record)).toEqual({ ...newGrant(), version: 1 });
    expect(await store!.get(id)).toEqual({ ...newGrant(), version: 1 });
  });

  it.each([
    ["without keys", []],
    ["with an older key", [yesterday]],
  ])("seals what was kept %s with today's as its life is prolonged", async (_how, encryptionKeys) => {
    const id = await processes(1, { encryptionKeys })[0]!.create(newGrant(), lifeMs);
    const [both] = processes(1, { encryptionKeys: [today, yesterday], acceptUnsealed: true });
    expect(await both!.prolong(id, lifeMs)).toBe(true);

    const [onlyToday] = processes(1, { encryptionKeys: [today] });
    expect(JSON.stringify((await inside.query("SELECT * FROM aircall_grants")).rows)).not.toContain("access-0");
    expect(await onlyToday!.get(id)).toMatchObject({ version: 1 });
    expect(await onlyToday!.idsOf(null, 7)).toEqual([id]);
  });

  it("keeps a grant for a hundred years when its life has no end", async () => {
    const [store] = processes(1);
    const id = await store!.create(newGrant(), Infinity);
    await postgres.pass(90 * 365 * 86_400_000);

    expect(await store!.get(id)).not.toBeNull();
  });

  it("takes text that is no grant for none", async () => {
    const [store] = processes(1);
    const id = randomBytes(24).toString("base64url");
    await inside.query(
      "INSERT INTO aircall_grants VALUES ($1, '', 'id:7', '', '{}', 1, '1', now() + interval '1 hour')",
      [id],
    );

    expect(await store!.get(id)).toBeNull();
  });

  it("keeps the tables of two prefixes and schemas apart", async () => {
    const places = [{ prefix: "other_" }, { schema: "Elsewhere" }, {}];
    const stores = places.map((place) => postgresGrants(inside, { ...place, migrate: true }));
    const ids = await Promise.all(stores.map((store) => store.create(newGrant(), lifeMs)));

    for (const [index, store] of stores.entries()) expect(await store.idsOf(null, 7)).toEqual([ids[index]]);
  });

  async function leases(): Promise<unknown[]> {
    await idle();
    return (await inside.query<object>("SELECT key FROM aircall_leases")).rows;
  }

  /** Somebody's statement has begun, and cannot go on. */
  async function waiting(): Promise<void> {
    const held =
      "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND state = 'active'";
    while ((await inside.query(held)).rows.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  /** What was not waited for is done. */
  async function idle(): Promise<void> {
    const busy =
      "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid()";
    do await new Promise((resolve) => setTimeout(resolve, 50));
    while ((await inside.query(busy)).rows.length > 0);
  }

  function watched(pool: Pool) {
    const statements: string[] = [];
    const db: PostgresClient = { query: (text, values) => (statements.push(text), pool.query(text, values)) };
    return { store: postgresGrants(db), statements };
  }
});
