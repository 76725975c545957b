import { inspect } from "node:util";
import express, { type Express } from "express";
import { aircallAuth, postgresGrants, redisGrants, type AircallAuth, type GrantStore } from "express-aircall";
import type { Simulator } from "express-aircall/simulator";
import type { PostgresDatabase } from "../postgres/postgres";
import type { RedisGrants } from "../redis/redis-grants";

type Random = () => number;

export interface TenantsWithKeys {
  readonly app: Express;
  /** What one tenant does: brings a key that is right, wrong or broken, uses it, and maybe ends it. */
  readonly act: (tenant: string, use: () => Promise<void>) => Promise<void>;
  readonly close: () => Promise<void>;
}

interface TenantsParts {
  readonly simulator: Simulator;
  readonly random: Random;
  /** Stands in every key. */
  readonly mark: string;
  readonly grants: GrantStore;
  readonly routes: (app: Express) => Express;
  readonly see: (where: string, text: string) => void;
  readonly failed: (error: unknown) => void;
}

/** An app to which tenants bring keys of their own, kept where errors quote what they were told. */
export function startTenantsWithKeys(parts: TenantsParts): TenantsWithKeys {
  const { simulator, random, mark, grants, routes, see, failed } = parts;
  const auth = aircallAuth({
    ...{ authScheme: "Basic", apiUrl: simulator.basic.apiUrl, timeoutMs: 5_000, hold: "company" },
    grants,
    company: (req) => ({ ref: req.get("x-tenant") ?? "nobody" }),
    onConnect: (event) => see("onConnect", inspect(event, { depth: 10, showHidden: true })),
    onHookError: failed,
  });
  const app = routes(express().set("env", "development").use(auth));

  async function list(auth: AircallAuth): Promise<void> {
    for await (const company of auth.companies()) see("companies()", inspect(company) + JSON.stringify(company));
  }

  return {
    app,
    async act(tenant, use) {
      const company = { ref: tenant };
      await auth.connectKey(company, keyOf(simulator, mark, random), { replace: random() < 0.5 }).catch(failed);
      await use();
      await auth.clientFor(company).company.get({ maxRetries: 0 }).catch(failed);
      if (random() < 0.3) await list(auth).catch(failed);
      if (random() < 0.5) await auth.disconnectKey(company).catch(failed);
    },
    close: () => auth.close(),
  };
}

function keyOf({ companies: [{ apiId, apiToken }] }: Simulator, mark: string, random: Random) {
  const at = random();
  if (at < 0.7) return { user: apiId, password: apiToken };
  return { user: apiId, password: at < 0.85 ? `${mark}-wrong` : `${mark}\r\nX-Injected: ${mark}` };
}

/** A PostgreSQL that now and then fails as it does where a value is wrong: its error quotes the row. */
export function quotingPostgres(database: PostgresDatabase, random: Random): GrantStore {
  const pool = database.pool();
  const query = async (text: string, values: unknown[] = []) => {
    if (random() < 0.05) {
      const row = values.map(String).join(", ");
      throw Object.assign(new Error(`invalid input syntax: "${row}"`), { code: "22P02", detail: row, query: text });
    }
    return pool.query(text, values);
  };
  return postgresGrants({ query }, { migrate: true });
}

/** A Redis whose client now and then fails, and says in the error all that it was to send. */
export async function quotingRedis(redis: RedisGrants, random: Random): Promise<GrantStore> {
  const client = await redis.connect();
  const talking = Object.assign(Object.create(client) as typeof client, {
    eval(...args: Parameters<typeof client.eval>) {
      if (random() >= 0.05) return client.eval(...args);
      const command = JSON.stringify(args);
      throw Object.assign(new Error(`ERR at ${command}`), {
        code: "ERR",
        command: { name: "eval", args },
        input: command,
      });
    },
  });
  return redisGrants(talking);
}
