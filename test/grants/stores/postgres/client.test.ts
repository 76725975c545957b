import { ConfigError, StoreError } from "../../../../src/errors/errors";
import { createPostgres, sendOne, type PostgresClient } from "../../../../src/grants/stores/postgres/client";
import { createClock } from "../../../support/grants";

type Answer = object | Error;

/** A client that was handed over, and what it is asked. */
function answering(...answers: Answer[]) {
  const asked: [text: string, values: string[]][] = [];
  const query: PostgresClient["query"] = (text, values) => {
    asked.push([text, values]);
    const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve({ rows: [answer] });
  };
  return { db: { query }, asked };
}
const failing = (code: string) => Object.assign(new Error("with a value"), { code });

describe("the app's client of Postgres", () => {
  it("is asked with the statement and its values, and answers its rows", async () => {
    const { db, asked } = answering({ a: "1" });
    expect(await createPostgres(db).ask("read a grant", "SELECT", ["x"])).toEqual([{ a: "1" }]);
    expect(asked).toEqual([["SELECT", ["x"]]]);
  });

  it("is told until when a write may be done, by its own clock, which it is asked for once", async () => {
    const clock = createClock(0);
    const { db, asked } = answering({ clock: "70000" }, { clock: "70000", done: "1" });
    const postgres = createPostgres(db, { now: clock.now });
    expect(await postgres.write("keep a grant", "UPDATE", ["x"])).toEqual({ clock: "70000", done: "1" });
    clock.pass(500);
    await postgres.write("keep a grant", "UPDATE", []);
    expect(asked.slice(1)).toEqual([
      ["UPDATE", ["72000", "x"]],
      ["UPDATE", ["72500"]],
    ]);
    expect(asked[0]).toEqual([expect.stringMatching(/^SELECT .*clock_timestamp\(\).* AS clock$/), []]);
  });

  it("is told less where time went by before it could be asked", async () => {
    const clock = createClock(0);
    const { db, asked } = answering({ clock: "70000" }, { clock: "70300", done: "1" });
    const prepare = () => Promise.resolve(clock.pass(300));
    await createPostgres(db, { now: clock.now, prepare }).write("keep a grant", "UPDATE", []);
    expect(asked[1]).toEqual(["UPDATE", ["71700"]]);
  });

  it("is asked again where another's clock had made a write seem late, by that clock", async () => {
    const clock = createClock(0);
    const { db, asked } = answering({ clock: "70000" }, { clock: "90000", done: "0" }, { clock: "90000", done: "1" });
    const postgres = createPostgres(db, { now: clock.now });
    expect(await postgres.write("keep a grant", "UPDATE", [])).toMatchObject({ done: "1" });
    expect(asked.map(([, [notAfter]]) => notAfter)).toEqual([undefined, "72000", "92000"]);
  });

  it("is asked again by a clock that is behind, too", async () => {
    const clock = createClock(0);
    const { db, asked } = answering({ clock: "90000" }, { clock: "92000", done: "0" }, { clock: "70000", done: "1" });
    await createPostgres(db, { now: clock.now }).write("keep a grant", "UPDATE", []);
    expect(asked.map(([, [notAfter]]) => notAfter)).toEqual([undefined, "92000", "94000"]);
  });

  it("answers that nothing was done, where that was not for its being late", async () => {
    const { db, asked } = answering({ clock: "70000" }, { clock: "71999", done: "0" });
    const postgres = createPostgres(db, { now: () => 0 });
    expect(await postgres.write("keep a grant", "UPDATE", [])).toMatchObject({ done: "0" });
    expect(asked).toHaveLength(2);
  });

  it("is asked once for what was done, whatever its clock says then", async () => {
    const { db, asked } = answering({ clock: "70000" }, { clock: "99000", done: "1" });
    await createPostgres(db, { now: () => 0 }).write("keep a grant", "UPDATE", []);
    expect(asked).toHaveLength(2);
  });

  it("is told by the time that really passes, where no other was named", async () => {
    const { db, asked } = answering({ clock: "70000" }, { clock: "70000", done: "1" });
    await createPostgres(db).write("keep a grant", "UPDATE", []);
    const notAfter = Number(asked[1]![1][0]);
    expect(notAfter).toBeGreaterThan(70_000);
    expect(notAfter).toBeLessThanOrEqual(72_000);
  });

  it("may answer no rows", async () => {
    const db = { query: () => Promise.resolve({ rows: [] }) };
    expect(await createPostgres(db).ask("read a grant", "SELECT", [])).toEqual([]);
  });

  it.each([
    [1_800, 3, { done: "0" }],
    [1_801, 2, { code: "store_failed", cause: { code: "LATE" } }],
  ])("is asked again with a fifth of a second left, not less: after %i ms", async (tookMs, times, outcome) => {
    const clock = createClock(5_000);
    let asked = 0;
    const db: PostgresClient = {
      query() {
        if ((asked += 1) === 2) clock.pass(tookMs);
        return Promise.resolve({ rows: [{ clock: asked === 1 ? "70000" : "90000", done: "0" }] });
      },
    };
    const written = createPostgres(db, { now: clock.now }).write("keep a grant", "UPDATE", []);
    expect(await written.catch((error: unknown) => error)).toMatchObject(outcome);
    expect(asked).toBe(times);
  });

  it("is prepared once, before anything else, and again where that failed", async () => {
    const { db, asked } = answering({ a: "1" });
    let prepared = 0;
    const prepare = (given: PostgresClient) => {
      prepared += 1;
      expect(given).toBe(db);
      expect(asked).toEqual([]);
      return prepared === 1 ? Promise.reject(failing("42501")) : Promise.resolve();
    };
    const postgres = createPostgres(db, { prepare });
    await expect(postgres.ask("read a grant", "SELECT", [])).rejects.toBeInstanceOf(StoreError);
    expect(asked).toEqual([]);
    await postgres.ask("read a grant", "SELECT", []);
    await postgres.ask("read a grant", "SELECT", []);
    expect([prepared, asked.length]).toEqual([2, 2]);
  });

  it("fails with what an operator can do, and takes back what may have been done", async () => {
    const { db } = answering(failing("42P01"));
    let undone = 0;
    const undo = () => Promise.resolve((undone += 1));
    const postgres = createPostgres(db);
    await expect(postgres.ask("read a grant", "SELECT", [])).rejects.toThrow("has not the tables of grants");
    await expect(postgres.write("keep a grant", "UPDATE", [], undo)).rejects.toMatchObject({
      operation: "keep a grant",
    });
    expect(undone).toBe(1);
  });

  it.each(["40001", "40P01"])("is asked up to five times where another was in the way: %s", async (code) => {
    const busy = failing(code);
    const lucky = answering(busy, busy, busy, busy, { a: "1" });
    expect(await sendOne(lucky.db, "SELECT", ["x"])).toEqual([{ a: "1" }]);
    expect(lucky.asked).toEqual(Array.from({ length: 5 }, () => ["SELECT", ["x"]]));
    const unlucky = answering(busy);
    await expect(sendOne(unlucky.db, "SELECT", [])).rejects.toMatchObject({ name: "PostgresError", code });
    expect(unlucky.asked).toHaveLength(5);
  });

  it("is asked once where it failed otherwise", async () => {
    for (const error of [failing("23505"), new ConfigError("a setting's fault")]) {
      const { db, asked } = answering(error);
      await expect(sendOne(db, "SELECT", [])).rejects.toMatchObject({ code: (error as { code?: string }).code });
      expect(asked).toHaveLength(1);
    }
  });

  it.each<[string, unknown, string]>([
    ["no rows", {}, "it answered an object"],
    ["nothing", undefined, "it answered undefined"],
    ["rows that are no list", { rows: "1" }, "it answered an object"],
  ])("must answer rows, not %s", async (_what, answer, reason) => {
    const db = { query: () => Promise.resolve(answer) } as never;
    const asked = createPostgres(db).ask("read a grant", "SELECT", []);
    await expect(asked).rejects.toThrow(`postgresGrants(db): db.query() must answer { rows }; ${reason}`);
    await expect(asked).rejects.toBeInstanceOf(ConfigError);
  });

  it.each<[string, unknown, string]>([
    [
      "nothing",
      null,
      "postgresGrants(db): pass a Pool or a Client of pg 8, or { query: async (text, values) => ({ rows }) }; got null.",
    ],
    ["a query that is no function", { query: "SELECT" }, "pass a Pool or a Client of pg 8"],
    [
      "Prisma",
      { $queryRawUnsafe: () => undefined },
      "postgresGrants(db): this is Prisma. Where an ORM has the connection, hand over its way to send a statement: " +
        "postgresGrants({ query: async (text, values) => ({ rows: await prisma.$queryRawUnsafe(text, ...values) }) }).",
    ],
    [
      "Drizzle",
      { $client: { query: () => undefined } },
      "postgresGrants(db): this is Drizzle; pass what it was given, postgresGrants(db.$client).",
    ],
    [
      "Knex",
      { raw: () => undefined },
      "postgresGrants(db): this is Knex. Where an ORM has the connection, hand over its way to send a statement: " +
        "docs/grants.md has the lines.",
    ],
  ])("is not %s", (_what, db, reason) => {
    expect(() => createPostgres(db as PostgresClient)).toThrow(reason);
    expect(() => createPostgres(db as PostgresClient)).toThrow(ConfigError);
  });
});
