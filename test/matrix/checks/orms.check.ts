import { createRequire } from "node:module";
import { join } from "node:path";
import type { Pool } from "pg";
import { postgresGrants, type PostgresClient } from "express-aircall";
import { describeGrantStore } from "express-aircall/testing";
import { startPostgres, type PostgresDatabase } from "../../support/postgres/postgres";
import { folderOf } from "../consumer";

const load = createRequire(join(folderOf("orms"), "package.json"));

interface Lent {
  readonly db: PostgresClient;
  readonly end: () => Promise<unknown>;
}

type Rows = Promise<object[]>;
type Knex = (settings: object) => {
  readonly client: { acquireConnection(): Promise<Pool>; releaseConnection(connection: Pool): unknown };
  destroy(): Promise<void>;
};
type PostgresJs = (url: string) => { unsafe(text: string, values: string[]): Rows; end(): Promise<void> };
type Drizzle = { readonly drizzle: (pool: Pool) => { readonly $client: Pool } };

/** As docs/grants.md has them. */
const recipes: Record<string, (url: string, pool: Pool) => Lent> = {
  "Drizzle over pg": (_url, pool) => {
    const { drizzle } = load("drizzle-orm/node-postgres") as Drizzle;
    return { db: drizzle(pool).$client, end: () => pool.end() };
  },
  "postgres.js": (url) => {
    const sql = (load("postgres") as PostgresJs)(url);
    return {
      db: { query: async (text, values) => ({ rows: await sql.unsafe(text, values) }) },
      end: () => sql.end(),
    };
  },
  Knex: (url) => {
    const knex = (load("knex") as Knex)({ client: "pg", connection: url });
    return {
      db: {
        async query(text, values) {
          const connection = await knex.client.acquireConnection();
          return connection.query(text, values).finally(() => knex.client.releaseConnection(connection));
        },
      },
      end: () => knex.destroy(),
    };
  },
};

let postgres: PostgresDatabase;
beforeAll(async () => {
  postgres = await startPostgres();
  await postgresGrants(postgres.pool(), { migrate: true }).check!();
});
afterAll(() => postgres.close());

for (const [name, lend] of Object.entries(recipes)) {
  describeGrantStore(
    `postgresGrants by ${name}`,
    async () => {
      await postgres.empty();
      const { db, end } = lend(postgres.url, postgres.pool());
      return { store: postgresGrants(db), pass: postgres.pass, close: async () => void (await end()) };
    },
    { numRuns: 10 },
  );
}

describe.each(Object.entries(recipes))("postgresGrants by %s", (_name, lend) => {
  it("makes its tables, and says by its code what PostgreSQL refuses, without a value", async () => {
    const { db, end } = lend(postgres.url, postgres.pool());
    await postgresGrants(db, { prefix: "orm_", migrate: true }).check!();
    const failure: unknown = await postgresGrants(db, { prefix: "nowhere_" })
      .claim("s3nt1nel", "s3nt1nel", 1_000)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "store_failed", cause: { code: "42P01" } });
    expect(JSON.stringify(failure) + String((failure as Error).stack)).not.toContain("s3nt1nel");
    await end();
  });
});
