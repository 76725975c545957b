import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectTcp } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, Pool, type PoolConfig } from "pg";
import { requireProgram } from "../programs";
import { freePort } from "../redis/redis-server";

export interface Address {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly password?: string | undefined;
}

export interface PostgresDatabase {
  readonly address: Address;
  readonly url: string;
  /** Ended with the database. */
  pool(settings?: PoolConfig): Pool;
  /** Makes time pass for everything that postgresGrants() keeps under this prefix. */
  readonly pass: (ms: number) => Promise<void>;
  /** Forgets everything that it keeps there. */
  empty(): Promise<void>;
  close(): Promise<void>;
}

/**
 * A database of the test's own, in the server that PGHOST names or that runs here and asks for no password, else in one
 * that is started and goes with it.
 */
export async function startPostgres(): Promise<PostgresDatabase> {
  const server = (await runningServer()) ?? (await startServer());
  const database = `express_aircall_${randomBytes(6).toString("hex")}`;
  const address = { ...server.address, database };
  const pools: Pool[] = [];
  await asOwner(server.address, `CREATE DATABASE ${database}`);
  await asOwner(address, `ALTER DATABASE ${database} SET synchronous_commit = off`);

  function pool(settings: PoolConfig = {}): Pool {
    const made = new Pool({ ...address, max: 4, ...settings });
    made.on("error", () => undefined);
    pools.push(made);
    return made;
  }

  const inside = pool();
  const tables = ["grants", "grant_links", "leases", "records"].map((table) => `aircall_${table}`);
  return {
    address,
    url: urlOf(address),
    pool,
    async pass(ms) {
      const earlier = (column: string) => `${column} = ${column} - ${ms} * interval '1 millisecond'`;
      for (const table of tables) await inside.query(`UPDATE ${table} SET ${earlier("ends_at")}`);
      await inside.query(`UPDATE aircall_leases SET ${earlier("claimed_at")}`);
    },
    async empty() {
      for (const table of tables) await inside.query(`DELETE FROM ${table}`);
    },
    async close() {
      await Promise.all(pools.filter(({ ended }) => !ended).map((each) => each.end()));
      await asOwner(server.address, `DROP DATABASE ${database} WITH (FORCE)`);
      await server.close();
    },
  };
}

export function urlOf({ host, port, user, database, password }: Address): string {
  const secret = password === undefined ? "" : `:${encodeURIComponent(password)}`;
  return `postgres://${user}${secret}@${host}:${port}/${database}`;
}

interface Server {
  readonly address: Address;
  close(): Promise<void>;
}

async function asOwner(address: Address, statement: string): Promise<void> {
  const client = new Client({ ...address, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function runningServer(): Promise<Server | null> {
  const { PGHOST, PGPORT, PGUSER = "postgres", PGPASSWORD, PGDATABASE = "postgres" } = process.env;
  const address = { host: PGHOST ?? "127.0.0.1", port: Number(PGPORT ?? 5432), user: PGUSER, database: PGDATABASE };
  const reached = asOwner({ ...address, password: PGPASSWORD }, "SELECT 1");
  if (PGHOST !== undefined) await reached;
  const runs = await reached.then(
    () => true,
    () => false,
  );
  return runs ? { address: { ...address, password: PGPASSWORD }, close: () => Promise.resolve() } : null;
}

/** It forgets all that it was told when the machine fails, and is the faster for it. */
async function startServer(): Promise<Server> {
  const home = mkdtempSync(join(tmpdir(), "express-aircall-postgres-"));
  const as = asNobody(home);
  const data = join(home, "data");
  const port = await freePort();
  execFileSync(requireProgram("initdb"), ["-D", data, "-U", "postgres", "-A", "trust", "--no-sync"], {
    stdio: "ignore",
    ...as,
  });
  const settings = [`-p${port}`, "-clisten_addresses=127.0.0.1", `-cunix_socket_directories=${home}`, "-cfsync=off"];
  const server = spawn(requireProgram("postgres"), ["-D", data, ...settings], { stdio: "ignore", ...as });
  const address = { host: "127.0.0.1", port, user: "postgres", database: "postgres" };
  await reachable(port, server);
  await until(() => asOwner(address, "SELECT 1"));
  return { address, close: () => stop(server, home, "SIGINT") };
}

export interface PgBouncer {
  readonly port: number;
  close(): Promise<void>;
}

/** In transaction mode, over two connections to this database. */
export async function startPgBouncer({ host, port, user, database, password }: Address): Promise<PgBouncer> {
  const home = mkdtempSync(join(tmpdir(), "express-aircall-pgbouncer-"));
  const own = await freePort();
  const secret = password === undefined ? "" : ` password=${password}`;
  const settings = [
    "[databases]",
    `${database} = host=${host} port=${port} user=${user}${secret}`,
    "[pgbouncer]",
    "listen_addr = 127.0.0.1",
    `listen_port = ${own}`,
    "unix_socket_dir =",
    "auth_type = any",
    "pool_mode = transaction",
    "default_pool_size = 2",
  ];
  const file = join(home, "pgbouncer.ini");
  writeFileSync(file, `${settings.join("\n")}\n`);
  const server = spawn(requireProgram("pgbouncer"), [file], { stdio: "ignore", ...asNobody(home) });
  await reachable(own, server);
  return { port: own, close: () => stop(server, home, "SIGKILL") };
}

/** Neither of them runs as root. Gives the folder to somebody who has nothing else. */
function asNobody(folder: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const [, uid, gid] = /^nobody:[^:]*:(\d+):(\d+):/m.exec(readFileSync("/etc/passwd", "utf8")) ?? [];
  chownSync(folder, Number(uid), Number(gid));
  return { uid: Number(uid), gid: Number(gid) };
}

async function stop(server: ChildProcess, home: string, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode === null && server.kill(signal)) await once(server, "exit");
  rmSync(home, { recursive: true, force: true });
}

/** Resolves when somebody listens there. */
async function reachable(port: number, server: ChildProcess): Promise<void> {
  await until(async () => {
    if (server.exitCode !== null) throw new Error(`${server.spawnfile} ended as it started.`);
    const socket = connectTcp(port, "127.0.0.1");
    await once(socket, "connect");
    socket.destroy();
  });
}

async function until(attempt: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (tries === 200) throw error;
      await sleep(50);
    }
  }
}
