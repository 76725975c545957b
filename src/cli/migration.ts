import { parseArgs } from "node:util";
import { ConfigError } from "../errors/errors";
import { migration } from "../grants/stores/postgres/migration";
import type { PostgresPlace } from "../grants/stores/postgres/tables";
import { readParsed } from "./connection";
import { report, UsageError, type Terminal } from "./terminal";

const help = `Usage: express-aircall grants migration [--schema <name>] [--prefix <text>]

Prints the SQL that makes the tables of postgresGrants(), for whoever owns the schema: express-aircall grants migration |
psql. May be run while the app is, and more than once. It connects to nothing.

  --schema <name>   as given to postgresGrants (the first on the search path)
  --prefix <text>   begins the name of every table, as given to postgresGrants (aircall_)
  --json            for programs
`;

/** Runs `grants migration …`. Resolves to its exit code. */
export function runMigration(args: readonly string[], terminal: Terminal): Promise<number> {
  return report(terminal, { name: "grants migration", json: args.includes("--json") }, () => {
    const { values, positionals } = readParsed(() => read(args));
    if (values.help || positionals[0] === "help") return Promise.resolve({ text: help, json: { help } });
    if (positionals.length > 0) throw new UsageError(`It takes no ${positionals[0]}.`);
    const sql = migrationAt({ schema: values.schema, prefix: values.prefix });
    return Promise.resolve({ text: sql, json: { sql } });
  });
}

function read(args: readonly string[]) {
  const [text, flag] = [{ type: "string" }, { type: "boolean" }] as const;
  const options = { schema: text, prefix: text, json: flag, help: { ...flag, short: "h" } } as const;
  return parseArgs({ args: [...args], options, allowPositionals: true });
}

function migrationAt(place: PostgresPlace): string {
  try {
    return migration(place);
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(error.message);
    throw error;
  }
}
