import { parseArgs } from "node:util";
import { AircallError } from "../errors/errors";
import { propertyOf } from "../errors/property";
import { migrateGrants, type MigratedGrants } from "../grants/migrate";
import { redisGrants } from "../grants/stores/redis";
import { runMigration } from "./migration";
import { connectRedis, NoRedisPackage, type OperatorsRedis } from "./redis";
import { say } from "./say";

const help = `Usage: express-aircall grants migrate --client-id <id> --redis <url> [--prefix <text>]
       express-aircall grants migration --help

Gives your Aircall app the grants of hold: "company" that were kept in Redis before grants knew their app. May be run
while the app is, and more than once. Where grants are sealed, set GRANT_ENCRYPTION_KEYS to the keys of encryptionKeys,
separated by commas.

  --client-id <id>   of your Aircall app
  --redis <url>      such as redis://localhost:6379
  --prefix <text>    begins every key, as given to redisGrants (aircall:)
`;

interface Asked {
  readonly clientId: string;
  readonly redisUrl: string;
  readonly prefix: string;
}

/** Runs `grants …`. Resolves to its exit code. */
export async function runGrants(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  if (command === "migration") return runMigration(rest);
  const asked = readAsked(args);
  if (typeof asked === "string") return say(process.stderr, `${asked} Try express-aircall grants --help.\n`, 2);
  if (asked === null) return say(process.stdout, help, 0);
  try {
    return say(process.stdout, `${sentence(await migrate(asked))}\n`, 0);
  } catch (error) {
    return say(process.stderr, `${whyNot(error)}\n`, 1);
  }
}

async function migrate({ clientId, redisUrl, prefix }: Asked): Promise<MigratedGrants> {
  const redis = await connectRedis(redisUrl);
  try {
    const encryptionKeys = (process.env["GRANT_ENCRYPTION_KEYS"] ?? "").split(",").filter((key) => key !== "");
    const sealing = encryptionKeys.length > 0 ? { encryptionKeys, acceptUnsealed: true } : {};
    const companyIds = await companiesWithoutApp(redis, prefix);
    return await migrateGrants(redisGrants(redis, { prefix, ...sealing }), { clientId, companyIds });
  } finally {
    redis.destroy();
  }
}

/** Read off the keys of their index, as it was before there were apps. */
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

/** A sentence about what cannot be done; null where help is wanted. */
function readAsked(args: readonly string[]): Asked | string | null {
  const text = { type: "string" } as const;
  const options = { "client-id": text, redis: text, prefix: text, help: { type: "boolean", short: "h" } } as const;
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    return `${String(propertyOf(error, "message")).split(". ")[0]!}.`;
  }
  const { values, positionals } = parsed;
  const { "client-id": clientId, redis: redisUrl, prefix = "aircall:" } = values;
  if (values.help || positionals[0] === "help") return null;
  if (positionals[0] !== "migrate" || positionals.length > 1)
    return "Say what to do: express-aircall grants migrate, or grants migration.";
  if (!clientId) return "Say whose the grants are: --client-id.";
  if (!redisUrl || !/^rediss?:\/\//.test(redisUrl)) return "Say where the grants are: --redis redis://host:port.";
  return { clientId, redisUrl, prefix };
}

function sentence({ moved, unread }: MigratedGrants): string {
  const belong = `${moved} grant${moved === 1 ? " belongs" : "s belong"} to this app now that did not before.`;
  if (unread === 0) return belong;
  return `${belong} ${unread} could not be read: they have ended, or are sealed and need GRANT_ENCRYPTION_KEYS.`;
}

/** Never the address: it may hold a password. */
function whyNot(error: unknown): string {
  if (error instanceof NoRedisPackage || error instanceof AircallError) return error.message;
  const code = propertyOf(error, "code");
  return `Redis cannot be used${typeof code === "string" ? ` (${code})` : ""}: look at the address in --redis.`;
}
