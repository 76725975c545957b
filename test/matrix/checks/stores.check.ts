import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import session = require("express-session");
import type { Store } from "express-session";
import { createClient } from "redis";
import { sessionGrants } from "express-aircall";
import { describeGrantStore } from "express-aircall/testing";
import { startPostgres, type PostgresDatabase } from "../../support/postgres/postgres";
import { startRedisServer, type RedisServer } from "../../support/redis/redis-server";
import { folderOf } from "../consumer";
import { startMariaDb, type MariaDb } from "../mariadb";
import { memoryCollection } from "../mongo-collection";

type Options = Record<string, unknown>;
type StoreClass = new (options: Options) => Store;
type Factory = (session: typeof import("express-session")) => StoreClass;

const root = createRequire(__filename);
const stores = createRequire(join(folderOf("stores"), "package.json"));
const numRuns = 10;

/** What `sessionGrants` promises, on a store that people have; `end` lets go of what the store holds. */
function describeOn(name: string, open: () => Promise<{ store: Store; end?: () => unknown }>): void {
  describeGrantStore(
    `sessionGrants over ${name}`,
    async (now) => {
      const { store, end } = await open();
      return { store: sessionGrants(store, { now }), close: async () => void (await end?.()) };
    },
    { numRuns },
  );
}

describe("Redis", () => {
  let server: RedisServer;
  beforeAll(async () => (server = await startRedisServer()));
  afterAll(() => server.close());

  for (const [name, load] of [
    ["connect-redis 8", () => root("connect-redis-8") as unknown],
    ["connect-redis 10", () => stores("connect-redis") as unknown],
  ] as const) {
    describeOn(name, async () => {
      const { RedisStore } = load() as { RedisStore: StoreClass };
      const client = createClient({ url: server.url });
      await client.connect();
      await client.flushAll();
      return { store: new RedisStore({ client }), end: () => client.close() };
    });
  }
});

describe("PostgreSQL", () => {
  let database: PostgresDatabase;
  beforeAll(async () => (database = await startPostgres()));
  afterAll(() => database.close());

  describeOn("connect-pg-simple", async () => {
    const pool = database.pool();
    await pool.query("DROP TABLE IF EXISTS session");
    const PgStore = (root("connect-pg-simple") as Factory)(session);
    const store = new PgStore({ pool, createTableIfMissing: true, pruneSessionInterval: false });
    return { store, end: () => pool.end() };
  });
});

describe("MariaDB", () => {
  let server: MariaDb;
  beforeAll(async () => (server = await startMariaDb()), 60_000);
  afterAll(() => server.close());

  describeOn("express-mysql-session", async () => {
    const MySqlStore = (stores("express-mysql-session") as Factory)(session);
    const store = new MySqlStore({ ...server.connection, clearExpired: false }) as Store & {
      onReady(): Promise<void>;
      close(): Promise<void>;
    };
    await store.onReady();
    await new Promise<void>((done, fail) => store.clear!((error?: Error) => (error ? fail(error) : done())));
    return { store, end: () => store.close() };
  });
});

describe("this machine", () => {
  describeOn("memorystore", () => {
    const MemoryStore = (stores("memorystore") as Factory)(session);
    return Promise.resolve({ store: new MemoryStore({ checkPeriod: 0 }) });
  });

  describeOn("session-file-store", () => {
    const path = mkdtempSync(join(tmpdir(), "express-aircall-sessions-"));
    const FileStore = (stores("session-file-store") as Factory)(session);
    const store = new FileStore({ path, reapInterval: -1, retries: 0, logFn: () => undefined });
    return Promise.resolve({ store, end: () => rmSync(path, { recursive: true, force: true }) });
  });

  describeOn("better-sqlite3-session-store", () => {
    const Database = stores("libsql") as new (path: string) => { close(): void };
    const SqliteStore = (stores("better-sqlite3-session-store") as Factory)(session);
    const client = new Database(":memory:");
    const timers = jest.spyOn(globalThis, "setInterval").mockReturnValue(undefined as never);
    const store = new SqliteStore({ client });
    timers.mockRestore();
    return Promise.resolve({ store, end: () => client.close() });
  });
});

describe("by its interface", () => {
  describeOn("connect-mongo", () => {
    const { MongoStore } = stores("connect-mongo") as { MongoStore: { create(options: Options): Store } };
    const client = { db: () => ({ collection: memoryCollection }) };
    return Promise.resolve({
      store: MongoStore.create({ clientPromise: Promise.resolve(client), autoRemove: "disabled" }),
    });
  });
});
