import { parseArgs } from "node:util";
import { suggest } from "../config/suggest";
import { AircallError } from "../errors/errors";
import { propertyOf } from "../errors/property";
import { keysIn } from "../grants/encryption-keys";
import { migrateGrants, type MigratedGrants } from "../grants/migrate";
import type { GrantStore } from "../grants/store";
import { redisGrants } from "../grants/stores/redis/redis";
import { readParsed } from "./connection";
import { runMigration } from "./migration";
import { progress, type Progress } from "./progress";
import { NoPackage } from "./store/apps-own";
import { connectRedis, type OperatorsRedis } from "./store/redis";
import { Failure, ownTerminal, report, UsageError, type Report, type Terminal } from "./terminal";

const help = `Usage: express-aircall grants migrate --client-id <id> --redis <url> [--prefix <text>]
       express-aircall grants migration --help

Gives your Aircall app the grants of hold: "company" that were kept in Redis before grants knew their app. May be run
while the app is, and more than once. Where grants are sealed, set AIRCALL_ENCRYPTION_KEYS to the keys of encryptionKeys,
separated by commas.

  --client-id <id>   of your Aircall app
  --redis <url>      such as redis://localhost:6379
  --prefix <text>    begins every key, as given to redisGrants (aircall:)
  --json             for programs
`;

/** The former name of the variable for the keys: only this command had it. */
const formerVariable = "GRANT_ENCRYPTION_KEYS";

interface Asked {
  readonly clientId: string;
  readonly redisUrl: string;
  readonly prefix: string;
}

/** Runs `grants …`. Resolves to its exit code. */
export function runGrants(args: readonly string[], terminal: Terminal = ownTerminal()): Promise<number> {
  const [command, ...rest] = args;
  if (command === "migration") return runMigration(rest, terminal);
  return report(terminal, { name: "grants", json: args.includes("--json") }, async () => {
    const asked = readAsked(args);
    if (asked === null) return { text: help, json: { help } };
    try {
      return shown(await migrate(asked, terminal));
    } catch (error) {
      throw whyNot(error);
    }
  });
}

async function migrate({ clientId, redisUrl, prefix }: Asked, terminal: Terminal): Promise<MigratedGrants> {
  const { env } = terminal;
  const redis = await connectRedis(redisUrl);
  try {
    const encryptionKeys = [...keysIn(env), ...keysIn(env, formerVariable)];
    const sealing = encryptionKeys.length > 0 ? { encryptionKeys, acceptUnsealed: true } : {};
    const companyIds = [...(await companiesWithoutApp(redis, prefix))];
    const grants = redisGrants(redis, { prefix, ...sealing });
    return await migrateAll(
      grants,
      { clientId, companyIds },
      progress(terminal, { label: "Companies", total: companyIds.length }),
    );
  } finally {
    redis.destroy();
  }
}

/** One company after the other, so that somebody who waits sees how far it has come. */
async function migrateAll(
  grants: GrantStore,
  { clientId, companyIds }: { clientId: string; companyIds: readonly number[] },
  bar: Progress,
): Promise<MigratedGrants> {
  const sum = { moved: 0, unread: 0 };
  try {
    for (const companyId of companyIds) {
      const { moved, unread } = await migrateGrants(grants, { clientId, companyIds: [companyId] });
      sum.moved += moved;
      sum.unread += unread;
      bar.step();
    }
    return sum;
  } finally {
    bar.end();
  }
}

/** Companies whose grants have no app, read off the keys of the index as it was before there were apps. */
async function companiesWithoutApp(redis: OperatorsRedis, prefix: string): Promise<Set<number>> {
  const found = new Set<number>();
  const [before, after] = [`${prefix}{company:`, "}:grants"];
  for await (const keys of redis.scanIterator({ MATCH: `${escapeGlob(before)}*${after}`, COUNT: 1_000 })) {
    for (const key of keys) {
      const id = key.slice(before.length, -after.length);
      if (/^\d{1,16}$/.test(id)) found.add(Number(id));
    }
  }
  return found;
}

function escapeGlob(text: string): string {
  return text.replace(/[*?[\]\\^]/g, "\\$&");
}

/** Null where help is wanted. @throws {UsageError} it cannot be done. */
function readAsked(args: readonly string[]): Asked | null {
  const [text, flag] = [{ type: "string" }, { type: "boolean" }] as const;
  const help = { ...flag, short: "h" } as const;
  const options = { "client-id": text, redis: text, prefix: text, json: flag, help } as const;
  const { values, positionals } = readParsed(() => parseArgs({ args: [...args], options, allowPositionals: true }));
  const { "client-id": clientId, redis: redisUrl, prefix = "aircall:" } = values;
  if (values.help || positionals[0] === "help") return null;
  if (positionals[0] !== "migrate" || positionals.length > 1) throw new UsageError(whatToDo(positionals[0]));
  if (!clientId) throw new UsageError("Say whose the grants are: --client-id.");
  if (!redisUrl || !/^rediss?:\/\//.test(redisUrl))
    throw new UsageError("Say where the grants are: --redis redis://host:port.");
  return { clientId, redisUrl, prefix };
}

function whatToDo(said = ""): string {
  const meant = suggest(said, ["migrate", "migration"]);
  if (meant !== null) return `There is no grants ${said}. Did you mean grants ${meant}?`;
  return "Say what to do: express-aircall grants migrate, or grants migration.";
}

function shown({ moved, unread }: MigratedGrants): Report {
  const belong = `${moved} grant${moved === 1 ? " belongs" : "s belong"} to this app now that did not before.`;
  const sealed = `${unread} could not be read: they have ended, or are sealed and need AIRCALL_ENCRYPTION_KEYS.`;
  return { text: `${unread === 0 ? belong : `${belong} ${sealed}`}\n`, json: { moved, unread } };
}

/** The error as it is shown, never with the address: it may hold a password. */
function whyNot(error: unknown): Error {
  if (error instanceof AircallError) return error;
  if (error instanceof NoPackage) return new Failure(error.message);
  const code = propertyOf(error, "code");
  return new Failure(
    `Redis cannot be used${typeof code === "string" ? ` (${code})` : ""}: look at the address in --redis.`,
  );
}
