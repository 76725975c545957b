import { ConfigError, StoreError } from "../../../errors/errors";
import type { Row } from "./client";
import { postgresName } from "./errors";
import type { Tables } from "./tables";

/** Runs one statement. */
export type Ask = (statement: string, values: readonly string[]) => Promise<readonly Row[]>;

const columns = {
  grants: ["id", "app", "company_key", "company_ref", "record", "version", "mark", "ends_at"],
  links: ["grant_id", "link", "ends_at"],
  leases: ["key", "owner", "claimed_at", "ends_at", "outcome"],
  records: ["kind", "key", "value", "version", "ends_at"],
};

/**
 * Finds out whether all tables are there and may be used.
 * @throws {ConfigError} what is missing, and what to do. @throws {StoreError} Postgres takes no writes.
 */
export async function checkTables(tables: Tables, ask: Ask): Promise<void> {
  const seen = await lookAt(tables, ask);
  const [absent] = seen.filter((table) => table.columns === null);
  if (absent) throw new ConfigError(`Postgres has no table ${absent.name} where its user looks for it. ${howToMake}`);
  const [old] = seen.filter((table) => !isWhole(table));
  if (old) throw new ConfigError(`The table ${old.name} lacks columns. ${howToMake}`);
  const [refused] = seen.filter((table) => table.refused);
  if (refused) {
    const { name, refused: rights } = refused;
    throw new ConfigError(`Postgres lets its user not ${rights} on ${name}: GRANT ${rights} ON ${name} TO that user.`);
  }
  if (seen.some(({ readOnly }) => readOnly)) {
    throw new StoreError(operation, `${postgresName} takes no writes here: give the pool of the primary`);
  }
}

const operation = "keep grants";
const howToMake =
  "Run what `npx express-aircall grants migration` prints, or let the app do it: postgresGrants(pool, { migrate: true }).";

export interface SeenTable {
  /** As it stands in SQL. */
  readonly name: string;
  /** Null where there is no such table. */
  readonly columns: readonly string[] | null;
  readonly needed: readonly string[];
  /** Rights that its user lacks, in words of SQL. */
  readonly refused: string;
  readonly readOnly: boolean;
}

/** It has all columns that are needed. */
export function isWhole({ columns, needed }: SeenTable): boolean {
  return columns !== null && needed.every((column) => columns.includes(column));
}

export async function lookAt(tables: Tables, ask: Ask): Promise<SeenTable[]> {
  const { schema, prefix } = tables;
  const names = ["grants", "grant_links", "leases", "records"].map((table) => prefix + table);
  const rows = await ask(lookAround, [schema ?? "", ...names]);
  const kinds = ["grants", "links", "leases", "records"] as const;
  return kinds.map((kind, index) => {
    const row = rows.find(({ name }) => name === names[index]) ?? {};
    const { columns: found, refused, read_only: readOnly } = row;
    return {
      name: tables[kind],
      columns: typeof found === "string" ? found.split(" ") : null,
      needed: columns[kind],
      refused: typeof refused === "string" ? refused : "",
      readOnly: readOnly === "on",
    };
  });
}

/** $1 schema, or nothing for the search path; then the names of the tables. */
const lookAround = `
SELECT wanted.name, found.columns, found.refused, current_setting('transaction_read_only') AS read_only
FROM (VALUES ($2::text), ($3::text), ($4::text), ($5::text)) AS wanted (name)
LEFT JOIN LATERAL (
  SELECT
    (SELECT string_agg(attname::text, ' ') FROM pg_attribute
     WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) AS columns,
    (SELECT string_agg(privilege, ', ') FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS privilege
     WHERE NOT has_table_privilege(c.oid, privilege)) AS refused
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE c.relname = wanted.name AND c.relkind IN ('r', 'p')
    AND CASE WHEN $1::text = '' THEN pg_table_is_visible(c.oid) ELSE n.nspname = $1::text END
) AS found ON true`;
