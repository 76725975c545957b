import { parseArgs } from "node:util";
import { propertyOf } from "../errors/property";
import { migration } from "../grants/stores/postgres/migration";
import type { PostgresPlace } from "../grants/stores/postgres/tables";
import { say } from "./say";

const help = `Usage: express-aircall grants migration [--schema <name>] [--prefix <text>]

Prints the SQL that makes the tables of postgresGrants(), for whoever owns the schema: express-aircall grants migration |
psql. May be run while the app is, and more than once. It connects to nothing.

  --schema <name>   as given to postgresGrants (the first on the search path)
  --prefix <text>   begins the name of every table, as given to postgresGrants (aircall_)
`;

/** Runs `grants migration …`. Answers its exit code. */
export function runMigration(args: readonly string[]): number {
  try {
    const { values, positionals } = read(args);
    if (values.help || positionals[0] === "help") return say(process.stdout, help, 0);
    if (positionals.length > 0) return refuse(`It takes no ${positionals[0]}.`);
    const { schema, prefix } = values;
    const place: PostgresPlace = { schema, prefix };
    return say(process.stdout, migration(place), 0);
  } catch (error) {
    const [sentence] = String(propertyOf(error, "message")).split(". ");
    return refuse(`${sentence?.replace(/\.$/, "")}.`);
  }
}

function read(args: readonly string[]) {
  const text = { type: "string" } as const;
  const options = { schema: text, prefix: text, help: { type: "boolean", short: "h" } } as const;
  return parseArgs({ args: [...args], options, allowPositionals: true });
}

function refuse(sentence: string): number {
  return say(process.stderr, `${sentence} Try express-aircall grants migration --help.\n`, 2);
}
