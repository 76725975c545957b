import { gatherSettings } from "../../config/sources";
import { AircallError } from "../../errors/errors";
import { propertyOf } from "../../errors/property";
import { keysIn } from "../../grants/encryption-keys";
import { appKey } from "../../grants/session-grants";
import type { GrantStore } from "../../grants/store";
import { postgresGrants } from "../../grants/stores/postgres/postgres";
import type { PostgresClient } from "../../grants/stores/postgres/client";
import { redisGrants } from "../../grants/stores/redis/redis";
import { Failure, UsageError, type Terminal } from "../terminal";
import { appsOwn, NoPackage } from "./apps-own";
import { connectRedis } from "./redis";

/** Where the app keeps its grants, as it was typed. */
export interface Place {
  readonly redis?: string | undefined;
  readonly postgres?: string | undefined;
  readonly prefix?: string | undefined;
  readonly schema?: string | undefined;
  readonly "client-id"?: string | undefined;
  readonly app?: string | undefined;
}

export const placeOptions = {
  redis: { type: "string" },
  postgres: { type: "string" },
  module: { type: "string" },
  prefix: { type: "string" },
  schema: { type: "string" },
  "client-id": { type: "string" },
  app: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

export const moduleHelp = `  --module <file>      of your app, that exports auth (what aircallAuth() returned) and events (aircallWebhooks())
`;

export const placeHelp = `${moduleHelp}  --redis <url>        or: where redisGrants() keeps them, such as redis://localhost:6379
  --postgres <url>     or: where postgresGrants() keeps them, such as postgres://localhost/app
  --prefix <text>      as given to redisGrants() or postgresGrants()
  --schema <name>      as given to postgresGrants()
  --client-id <id>     of your Aircall app (the variable AIRCALL_CLIENT_ID, or that of AIRCALL_CONNECTION)
  --app <name>         where companies connect by API key only: option app of aircallAuth() (keys)
  --json               for programs

Where grants are sealed, set AIRCALL_ENCRYPTION_KEYS to the keys of encryptionKeys, separated by commas.
`;

export interface AppsStore {
  readonly store: GrantStore;
  /** See {@link appKey}. */
  readonly app: string;
}

/** Works on the app's store, and closes what it has opened. @throws {Failure} it cannot be reached. */
export async function withStore<T>(place: Place, terminal: Terminal, work: (of: AppsStore) => Promise<T>): Promise<T> {
  const app = appOf(place, terminal.env);
  const open = opener(place);
  const encryptionKeys = keysIn(terminal.env);
  const sealing = encryptionKeys.length > 0 ? { encryptionKeys, acceptUnsealed: true } : {};
  try {
    const { store, close } = await open(sealing);
    return await work({ store, app }).finally(close);
  } catch (error) {
    throw told(error, place);
  }
}

interface Opened {
  readonly store: GrantStore;
  readonly close: () => unknown;
}

type Sealing = { encryptionKeys: string[]; acceptUnsealed: boolean } | object;

function opener(place: Place): (sealing: Sealing) => Promise<Opened> {
  const { redis, postgres, prefix, schema } = place;
  if (redis !== undefined && postgres !== undefined) throw new UsageError("Choose one of --redis and --postgres.");
  if (redis !== undefined) return (sealing) => openRedis(redis, { ...sealing, prefix });
  if (postgres !== undefined) return (sealing) => openPostgres(postgres, { ...sealing, prefix, schema });
  throw new UsageError("Say where your app keeps them: --module <file>, --redis <url> or --postgres <url>.");
}

async function openRedis(url: string, how: Sealing & { prefix: string | undefined }): Promise<Opened> {
  if (!/^rediss?:\/\//.test(url)) throw new UsageError("--redis takes an address such as redis://localhost:6379.");
  const client = await connectRedis(url);
  return { store: redisGrants(client, how), close: () => client.destroy() };
}

interface PgPackage {
  Pool: new (options: object) => PostgresClient & { end(): Promise<void>; on(event: "error", is: () => void): unknown };
}

async function openPostgres(
  connectionString: string,
  how: Sealing & Pick<Place, "prefix" | "schema">,
): Promise<Opened> {
  if (!/^postgres(ql)?:\/\//.test(connectionString)) {
    throw new UsageError("--postgres takes an address such as postgres://localhost/app.");
  }
  const { Pool } = appsOwn<PgPackage>("pg", "8");
  const pool = new Pool({ connectionString, max: 2, connectionTimeoutMillis: 5_000 });
  pool.on("error", () => undefined);
  await pool.query("SELECT 1", []).catch(async (error: unknown) => {
    await pool.end();
    throw error;
  });
  return { store: postgresGrants(pool, how), close: () => pool.end() };
}

function appOf(place: Place, env: NodeJS.ProcessEnv): string {
  if (place.app !== undefined) return appKey(`keys ${place.app}`);
  const settings = gatherSettings({}, { door: "client", otherOptions: [], env });
  return appKey(place["client-id"] ?? settings.read("oauthClientId") ?? "keys keys");
}

/** The error as it is shown, never with the address: it may hold a password. */
function told(error: unknown, { redis }: Place): unknown {
  if (error instanceof AircallError || error instanceof UsageError || error instanceof Failure) return error;
  if (error instanceof NoPackage) return new Failure(error.message);
  const code = propertyOf(error, "code");
  const [what, option] = redis === undefined ? ["PostgreSQL", "--postgres"] : ["Redis", "--redis"];
  return new Failure(`${what} cannot be used${typeof code === "string" ? ` (${code})` : ""}: look at ${option}.`);
}
