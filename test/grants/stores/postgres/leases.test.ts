import type { Pool } from "pg";
import { createPostgres, type Postgres, type Row } from "../../../../src/grants/stores/postgres/client";
import { createPostgresClaims, createPostgresTaking } from "../../../../src/grants/stores/postgres/leases";
import { postgresGrants } from "../../../../src/grants/stores/postgres/postgres";
import { createStatements } from "../../../../src/grants/stores/postgres/statements";
import { readTables } from "../../../../src/grants/stores/postgres/tables";
import { describeWith } from "../../../support/programs";
import { startPostgres, type PostgresDatabase } from "../../../support/postgres/postgres";

const statements = createStatements(readTables({}));

describeWith("postgres", "what one owner has in PostgreSQL", () => {
  let postgres: PostgresDatabase;
  let pool: Pool;
  let sent: { operation: string; undo?: (() => Promise<unknown>) | undefined }[];

  beforeAll(async () => {
    postgres = await startPostgres();
    pool = postgres.pool();
    await postgresGrants(pool, { migrate: true }).check!();
  });
  beforeEach(() => postgres.empty());
  afterAll(() => postgres.close());

  function watched(): Postgres {
    const inner = createPostgres(pool);
    sent = [];
    return {
      ask: (operation, ...more) => (sent.push({ operation }), inner.ask(operation, ...more)),
      write(operation, statement, values, undo) {
        sent.push({ operation: `${operation}, in time`, undo });
        return inner.write(operation, statement, values, undo);
      },
    };
  }
  const leases = async () =>
    (
      await pool.query<{ key: string; owner: string; tens: number }>(
        "SELECT key, owner, ceil(extract(epoch FROM ends_at - clock_timestamp()) / 10)::int AS tens FROM aircall_leases ORDER BY key",
      )
    ).rows;

  describe("a claim", () => {
    const open = () => createPostgresClaims(watched(), statements);

    it("is one owner's, for as long as was said, and again as long once renewed", async () => {
      const claims = open();
      expect(await claims.claim("a", "ours", 9_999.2)).toEqual({ ours: true, ageMs: expect.any(Number) });
      expect(await leases()).toEqual([{ key: "claim:a", owner: "ours", tens: 1 }]);
      await postgres.pass(5_000);
      const { ours, ageMs } = await claims.claim("a", "theirs", 60_000);
      expect([ours, Math.floor(ageMs / 5_000)]).toEqual([false, 1]);
      expect(await claims.renewClaim("a", "theirs", 60_000)).toBe(false);
      expect(await claims.renewClaim("a", "ours", 59_999.2)).toBe(true);
      expect(await leases()).toEqual([{ key: "claim:a", owner: "ours", tens: 6 }]);
      expect(await claims.renewClaim("b", "ours", 60_000)).toBe(false);
    });

    it("is of no time to come", async () => {
      const claims = open();
      await claims.claim("a", "ours", 60_000);
      await pool.query("UPDATE aircall_leases SET claimed_at = claimed_at + interval '1 minute'");
      expect(await claims.claim("a", "theirs", 60_000)).toEqual({ ours: false, ageMs: 0 });
    });

    it("is given back by what was called for it and failed, and only where it is still that owner's", async () => {
      await open().claim("a", "ours", 60_000);
      const undo = sent[0]!.undo!;
      await pool.query("UPDATE aircall_leases SET owner = 'theirs'");
      await undo();
      expect(await leases()).toMatchObject([{ owner: "theirs" }]);
      await pool.query("UPDATE aircall_leases SET owner = 'ours'");
      await undo();
      expect([await leases(), sent.at(-1)!.operation]).toEqual([[], "give a claim back"]);
    });

    it("leaves an outcome, for as long as was said", async () => {
      const claims = open();
      expect(await claims.outcome("a")).toBeNull();
      await claims.settle("a", { error: "access_denied" }, 59_999.2);
      expect(await claims.outcome("a")).toEqual({ error: "access_denied" });
      expect(await leases()).toMatchObject([{ key: "outcome:a", tens: 6 }]);
    });

    it("says what was done, and that it is no longer done once it was given up", async () => {
      const claims = open();
      await claims.claim("a", "ours", 1_000);
      await claims.renewClaim("a", "ours", 1_000);
      await claims.settle("a", { grantId: "g" }, 1_000);
      await claims.outcome("a");
      expect(sent.map(({ operation }) => operation)).toEqual([
        "claim a sign-in, in time",
        "renew a claim, in time",
        "keep a sign-in's outcome, in time",
        "read a sign-in's outcome",
      ]);
    });

    it.each([1, 2, 3, 4])("is looked for three times at most where others are quicker: %i", async (luckyLook) => {
      let looks = 0;
      const quick: Postgres = {
        ask: () => Promise.resolve([]),
        write: () =>
          Promise.resolve<Row>((looks += 1) === luckyLook ? { done: "1", owner: "ours", age: "0" } : { done: "0" }),
      };
      const claim = await createPostgresClaims(quick, statements).claim("a", "ours", 1_000);
      expect([claim, looks]).toEqual([{ ours: luckyLook <= 3, ageMs: 0 }, Math.min(luckyLook, 3)]);
    });
  });

  describe("a key that is taken", () => {
    it("is one owner's, which gives it back, and nobody else", async () => {
      const { take, giveBack } = createPostgresTaking(watched(), statements);
      const owner = (await take("lock it", "a", 9_999.5))!;
      expect(owner).toMatch(/^[\w-]{22}$/);
      expect(await leases()).toEqual([{ key: "a", owner, tens: 1 }]);
      expect(await take("lock it", "a", 1_000)).toBeNull();
      await giveBack("a", "another");
      expect(await leases()).toHaveLength(1);
      await giveBack("a", owner);
      expect(await leases()).toEqual([]);
      expect(await take("lock it", "a", 1_000)).not.toBe(owner);
      expect(sent.slice(1, 3).map(({ operation }) => operation)).toEqual(["lock it, in time", "release a lock"]);
    });

    it("is given back where it was given up", async () => {
      await createPostgresTaking(watched(), statements).take("lock it", "a", 60_000);
      await sent[0]!.undo!();
      expect(await leases()).toEqual([]);
    });
  });
});
