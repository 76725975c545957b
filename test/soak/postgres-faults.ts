import type { Pool, PoolClient } from "pg";
import type { Stage } from "./stage";

/** What may happen to the database that holds the grants, and what ends it. */
export interface PostgresFault {
  readonly begin: (inside: Inside) => Promise<unknown>;
  readonly end: (inside: Inside) => Promise<unknown>;
}

/** A connection that was there before. */
interface Inside {
  readonly client: PoolClient;
  readonly database: string;
  again?: NodeJS.Timeout;
}

export const postgresFaults = {
  "ending every connection": {
    begin: (inside) => {
      inside.again = setInterval(() => void endOthers(inside.client), 20);
      return endOthers(inside.client);
    },
    end: ({ again }) => Promise.resolve(clearInterval(again)),
  },
  locked: {
    begin: ({ client }) => client.query("BEGIN; LOCK TABLE aircall_grants, aircall_leases IN ACCESS EXCLUSIVE MODE"),
    end: ({ client }) => client.query("ROLLBACK"),
  },
  "read-only": {
    async begin({ client, database }) {
      await client.query(`ALTER DATABASE ${database} SET default_transaction_read_only = on`);
      await endOthers(client);
    },
    async end({ client, database }) {
      await client.query(`ALTER DATABASE ${database} RESET default_transaction_read_only`);
      await endOthers(client);
    },
  },
} satisfies Record<string, PostgresFault>;

/** For a stage that keeps grants in PostgreSQL. */
export async function openFault({ postgres }: Stage, { begin, end }: PostgresFault) {
  if (!postgres) throw new Error("This stage has no PostgreSQL.");
  const inside = await connectTo(postgres);
  try {
    await begin(inside);
  } catch (error) {
    inside.client.release();
    throw error;
  }
  return async () => {
    await end(inside);
    inside.client.release();
  };
}

async function connectTo(pool: Pool): Promise<Inside> {
  const client = await pool.connect();
  const { rows } = await client.query<{ database: string }>("SELECT current_database() AS database");
  return { client, database: rows[0]!.database };
}

async function endOthers(client: PoolClient): Promise<void> {
  const others = "datname = current_database() AND pid <> pg_backend_pid()";
  await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${others}`);
}
