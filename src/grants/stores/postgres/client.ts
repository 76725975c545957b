import { ConfigError } from "../../../errors/errors";
import { propertyOf } from "../../../errors/property";
import { fields } from "../../../config/fields";
import { kindOf } from "../../../config/values";
import { storeTimeoutMs } from "../../../time/store-call";
import { createStoreCaller } from "../../../time/store-caller";
import { createPostgresClock } from "./clock";
import { codeOnly, explained, isCollision, postgresName } from "./errors";
import { clock as readClock } from "./statements";

/**
 * What is needed of the app's own client: a Pool or Client of `pg` 8, or anything else that sends one statement with
 * values for `$1`, `$2` … and answers its rows. All values are text.
 */
export interface PostgresClient {
  query(text: string, values: string[]): Promise<{ readonly rows: readonly object[] }>;
}

export type Row = Readonly<Record<string, unknown>>;

export interface Postgres {
  /** Runs one statement. @throws {StoreError} Postgres refused, or did not answer within two seconds. */
  ask(operation: string, statement: string, values: readonly string[]): Promise<readonly Row[]>;
  /**
   * Runs one that writes: given up after two seconds, it is not done later either. Its row says in `done` how much was,
   * and in `clock` when.
   */
  write(operation: string, statement: string, values: readonly string[], undo?: () => Promise<unknown>): Promise<Row>;
}

export interface PostgresSettings {
  /** Done before the first statement; asked again when it failed. */
  readonly prepare?: ((db: PostgresClient) => Promise<void>) | undefined;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
}

const mostTries = 5;
/** With less time left nothing is sent again. */
const roundTripMs = 200;

/** @throws {ConfigError} it is no client this library can speak to. */
export function createPostgres(db: PostgresClient, settings: PostgresSettings = {}): Postgres {
  const { prepare, now = () => performance.now() } = settings;
  if (typeof propertyOf(db, "query") !== "function") throw new ConfigError(whatIsWrongWith(db));
  const call = createStoreCaller(db, postgresName, now);
  const clock = createPostgresClock(now);
  let prepared: Promise<void> | undefined;

  function ready(): Promise<void> {
    prepared ??= Promise.resolve(prepare?.(db));
    prepared.catch(() => (prepared = undefined));
    return prepared;
  }

  async function send(statement: string, values: readonly string[]): Promise<readonly Row[]> {
    const rows = await sendOne(db, statement, values);
    clock.learn(Number(rows[0]?.["clock"]));
    return rows;
  }

  /** By the database's clock, asked for where it is not known. */
  async function momentIn(ms: () => number): Promise<number> {
    if (clock.in(0) === null) await send(`SELECT ${readClock}`, []);
    return clock.in(ms()) ?? 0;
  }

  /** One that is refused as late although it was not is sent again: another server, or another clock, answers now. */
  async function sendInTime(statement: string, values: readonly string[], askedAt: number): Promise<Row> {
    for (;;) {
      const notAfter = await momentIn(() => storeTimeoutMs - (now() - askedAt));
      const [row = {}] = await send(statement, [String(notAfter), ...values]);
      if (row["done"] !== "0" || Number(row["clock"]) < notAfter) return row;
      if (now() - askedAt > storeTimeoutMs - roundTripMs) throw codeOnly({ code: "LATE" });
      clock.forget();
      clock.learn(Number(row["clock"]));
    }
  }

  async function run<T>(operation: string, ask: () => Promise<T>, undo?: () => Promise<unknown>): Promise<T> {
    try {
      return await call(operation, () => ready().then(ask), undo);
    } catch (error) {
      throw explained(error);
    }
  }

  return {
    ask: (operation, statement, values) => run(operation, () => send(statement, values)),
    write(operation, statement, values, undo) {
      const askedAt = now();
      return run(operation, () => sendInTime(statement, values, askedAt), undo);
    },
  };
}

/** Sends a statement, and again where another one was in its way. Rejects with a code at most. */
export async function sendOne(
  db: PostgresClient,
  statement: string,
  values: readonly string[],
): Promise<readonly Row[]> {
  for (let tries = 1; ; tries += 1) {
    try {
      return rowsOf(await db.query(statement, [...values]));
    } catch (error) {
      if (error instanceof ConfigError) throw error;
      const failure = codeOnly(error);
      if (tries === mostTries || !isCollision(failure)) throw failure;
    }
  }
}

function rowsOf(answer: unknown): readonly Row[] {
  const rows = propertyOf(answer, "rows");
  if (Array.isArray(rows)) return rows.map(fields);
  throw new ConfigError(`postgresGrants(db): db.query() must answer { rows }; it answered ${kindOf(answer)}.`);
}

const byAdapter = "Where an ORM has the connection, hand over its way to send a statement:";

function whatIsWrongWith(db: unknown): string {
  const given = (name: string) => propertyOf(db, name);
  const what = "postgresGrants(db): ";
  if (typeof given("$queryRawUnsafe") === "function") {
    const adapter = "{ query: async (text, values) => ({ rows: await prisma.$queryRawUnsafe(text, ...values) }) }";
    return `${what}this is Prisma. ${byAdapter} postgresGrants(${adapter}).`;
  }
  if (typeof propertyOf(given("$client"), "query") === "function")
    return `${what}this is Drizzle; pass what it was given, postgresGrants(db.$client).`;
  if (typeof given("raw") === "function") {
    return `${what}this is Knex. ${byAdapter} docs/grants.md has the lines.`;
  }
  return `${what}pass a Pool or a Client of pg 8, or { query: async (text, values) => ({ rows }) }; got ${kindOf(db)}.`;
}
