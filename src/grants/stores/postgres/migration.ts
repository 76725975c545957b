import { ConfigError } from "../../../errors/errors";
import { fields } from "../../../config/fields";
import { sleep } from "../../../time/sleep";
import { isWhole, lookAt, type Ask } from "./check";
import { sendOne, type PostgresClient } from "./client";
import { readTables, type PostgresPlace, type Tables } from "./tables";

/**
 * The SQL that makes the tables which postgresGrants() needs: to be run by whoever owns the schema, as often as one
 * likes, also while the app runs.
 * @throws {ConfigError} the schema or the prefix is no plain name.
 */
export function migration(place: PostgresPlace = {}): string {
  const statements = statementsOf(readTables(place));
  return statements.map((statement) => `${statement};\n`).join("\n");
}

function statementsOf({ schema, prefix, grants, links, leases, records }: Tables): string[] {
  const index = (table: string, name: string, of: string) =>
    `CREATE INDEX IF NOT EXISTS "${prefix}${name}" ON ${table} (${of})`;
  return [
    ...(schema === null ? [] : [`CREATE SCHEMA IF NOT EXISTS "${schema}"`]),
    `CREATE TABLE IF NOT EXISTS ${grants} (
  id text COLLATE "C" PRIMARY KEY,
  app text COLLATE "C" NOT NULL,
  company_key text COLLATE "C" NOT NULL,
  company_ref text COLLATE "C" NOT NULL,
  record text NOT NULL,
  version bigint NOT NULL,
  mark text NOT NULL,
  ends_at timestamptz NOT NULL
)`,
    index(grants, "grants_company", "app, company_key, id"),
    index(grants, "grants_ref", "app, company_ref"),
    index(grants, "grants_ends_at", "ends_at"),
    `CREATE TABLE IF NOT EXISTS ${links} (
  grant_id text COLLATE "C" NOT NULL,
  link text COLLATE "C" NOT NULL,
  ends_at timestamptz NOT NULL,
  PRIMARY KEY (grant_id, link)
)`,
    index(links, "grant_links_ends_at", "ends_at"),
    `CREATE TABLE IF NOT EXISTS ${leases} (
  key text COLLATE "C" PRIMARY KEY,
  owner text NOT NULL,
  claimed_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  outcome text
)`,
    index(leases, "leases_ends_at", "ends_at"),
    `CREATE TABLE IF NOT EXISTS ${records} (
  kind text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  value text NOT NULL,
  version bigint NOT NULL,
  ends_at timestamptz NOT NULL,
  PRIMARY KEY (kind, key)
)`,
    index(records, "records_ends_at", "ends_at"),
  ];
}

/** What two processes get that make the same thing at once, in one or the other way. */
const madeMeanwhile = ["23505", "42P07", "42P06", "42710", "XX000"];
const mostTries = 20;
const pauseMs = 50;

/** Makes what is missing; processes that start at once do not mind each other. */
export async function migrate(db: PostgresClient, tables: Tables): Promise<void> {
  const ask: Ask = (statement, values) => sendOne(db, statement, values);
  if ((await lookAt(tables, ask)).every(isWhole)) return;
  for (const statement of statementsOf(tables)) await make(statement, ask);
}

async function make(statement: string, ask: Ask): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await ask(statement, []);
      return;
    } catch (error) {
      const code = String(fields(error)["code"]);
      if (code === "42501") throw new ConfigError(mayNotMake);
      if (tries === mostTries || !madeMeanwhile.includes(code)) throw error;
      await sleep(pauseMs * Math.random());
    }
  }
}

const mayNotMake =
  "Postgres lets its user make no tables. Let their owner run what `npx express-aircall grants migration` prints, and " +
  "leave migrate: true out of postgresGrants().";
