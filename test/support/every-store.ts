import { mkdtempSync, readFileSync, rmSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MemoryStore } from "express-session";
import { fileGrants, memoryGrants, postgresGrants, redisGrants, sessionGrants, type GrantStore } from "express-aircall";
import { startPostgres, type PostgresDatabase } from "./postgres/postgres";
import { describeWith } from "./programs";
import { startRedisGrants, type RedisGrants } from "./redis/redis-grants";
import { letRedisTimePass } from "./redis/redis-time";

/** Grants in one of the stores that the library brings. Each is empty when it is opened. */
export interface OpenGrants {
  /** Sealed, but in memory. */
  readonly grants: GrantStore;
  /** Everything that is kept, as somebody sees it who can read the place; "" in memory. */
  readonly kept: () => Promise<string>;
  /** Makes time pass for what goes by a clock other than this process's. */
  readonly pass: (ms: number) => Promise<unknown>;
}

export type Open = () => Promise<OpenGrants>;

const encryptionKeys = ["a key of thirty-two characters, or more"];
const byOurClock = () => Promise.resolve();

/** Describes the same of grants in every store: `tests` is called for each. */
export function describeOnEveryStore(name: string, tests: (open: Open) => void): void {
  describe(`${name}, in memory`, () => {
    const grants = () => memoryGrants();
    tests(() => Promise.resolve({ grants: grants(), kept: () => Promise.resolve(""), pass: byOurClock }));
  });

  describe(`${name}, beside the sessions`, () => {
    tests(() => {
      const store = new MemoryStore();
      const kept = () => Promise.resolve(JSON.stringify((store as unknown as { sessions: object }).sessions));
      return Promise.resolve({ grants: sessionGrants(store, { encryptionKeys }), kept, pass: byOurClock });
    });
  });

  describe(`${name}, in a file`, () => {
    const folder = mkdtempSync(join(tmpdir(), "express-aircall-"));
    let files = 0;
    afterAll(() => rmSync(folder, { recursive: true }));
    tests(() => {
      const path = join(folder, `grants-${(files += 1)}`);
      const kept = () => Promise.resolve(existsSync(path) ? readFileSync(path, "utf8") : "");
      return Promise.resolve({ grants: fileGrants(path, { encryptionKeys }), kept, pass: byOurClock });
    });
  });

  describeWith("redis-server", `${name}, in Redis`, () => {
    let redis: RedisGrants;
    beforeAll(async () => (redis = await startRedisGrants()));
    afterAll(() => redis.close());
    tests(() => openRedis(redis));
  });

  describeWith("postgres", `${name}, in PostgreSQL`, () => {
    let postgres: PostgresDatabase;
    beforeAll(async () => (postgres = await startPostgres()));
    afterAll(() => postgres.close());
    tests(() => openPostgres(postgres));
  });
}

async function openRedis(redis: RedisGrants): Promise<OpenGrants> {
  const { inside } = redis;
  await inside.flushAll();
  return {
    grants: redisGrants(await redis.connect(), { encryptionKeys }),
    kept: async () => JSON.stringify(await inside.eval(allOfIt)),
    pass: (ms) => letRedisTimePass((script, arg) => inside.eval(script, { arguments: [arg] }), ms),
  };
}

async function openPostgres(postgres: PostgresDatabase): Promise<OpenGrants> {
  const pool = postgres.pool();
  const grants = postgresGrants(pool, { encryptionKeys, migrate: true });
  await grants.check!();
  await postgres.empty();
  const rows = async (table: string): Promise<object[]> =>
    (await pool.query<object>(`SELECT * FROM aircall_${table}`)).rows;
  const kept = async () => JSON.stringify(await Promise.all(["grants", "grant_links", "leases", "records"].map(rows)));
  return { grants, kept, pass: postgres.pass };
}

const allOfIt = `
local all = {}
for _, key in ipairs(redis.call('KEYS', '*')) do
  local range = redis.call('TYPE', key).ok == 'zset' and redis.call('ZRANGE', key, 0, -1)
  all[#all + 1] = { key, range or redis.call('GET', key) }
end
return all`;
