import { ConfigError } from "../../../errors/errors";

export interface PostgresPlace {
  /** The schema of the tables. Default: the first one on the user's `search_path` that has them, usually `public`. */
  schema?: string | undefined;
  /** Begins the name of every table. Default `aircall_`; apps that share a schema need one each. */
  prefix?: string | undefined;
}

/** Names as they stand in SQL. */
export interface Tables {
  readonly schema: string | null;
  readonly prefix: string;
  readonly grants: string;
  readonly links: string;
  readonly leases: string;
  readonly records: string;
}

/** Every name has room for the ending that an index needs: Postgres cuts names at 63 characters. */
const longestPrefix = 30;

/** @throws {ConfigError} a name is none that needs no thought. */
export function readTables({ schema, prefix = "aircall_" }: PostgresPlace): Tables {
  if (schema !== undefined) requireName("schema", schema, 63);
  requireName("prefix", prefix, longestPrefix);
  const named = (table: string) => (schema === undefined ? "" : `"${schema}".`) + `"${prefix}${table}"`;
  return {
    schema: schema ?? null,
    prefix,
    grants: named("grants"),
    links: named("grant_links"),
    leases: named("leases"),
    records: named("records"),
  };
}

/** Quoted everywhere: capital letters are kept as they are written. */
function requireName(option: string, name: unknown, longest: number): void {
  if (typeof name === "string" && /^[A-Za-z_]\w*$/.test(name) && name.length <= longest) return;
  throw new ConfigError(
    `postgresGrants(db, { ${option} }) must be letters, digits and _, at most ${longest}, and begin with no digit.`,
  );
}
