// How long it takes to list an app's companies, and what memory: in Redis and in PostgreSQL. `COMPANIES=100000` by
// default. Needs redis-server and a PostgreSQL (PGHOST, PGUSER …, or one here that asks for no password).
const { spawn } = require("node:child_process");
const { performance } = require("node:perf_hooks");
const { setTimeout: sleep } = require("node:timers/promises");
const { setFlagsFromString } = require("node:v8");
const { runInNewContext } = require("node:vm");
const { aircallAuth, memoryGrants, postgresGrants, redisGrants } = require("express-aircall");
const { Pool } = require("pg");
const { createClient } = require("redis");
const { circumstances, freePort, inLanes } = require("./child.cjs");

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");
const companies = Number(process.env.COMPANIES ?? 100_000);
const schema = `express_aircall_bench_${process.pid}`;
const settings = { authScheme: "Basic", apiUrl: "http://127.0.0.1:9", hold: "company" };

const stores = { memory: inMemory, Redis: inRedis, PostgreSQL: inPostgres };

void main();

async function main() {
  const seen = {};
  for (const [name, start] of Object.entries(stores)) {
    const { grants, end } = await start();
    try {
      await inLanes(32, companies, (n) => grants.create(grantOf(n + 1), 31_536_000_000));
      seen[name] = await list(grants);
    } finally {
      await end();
    }
  }
  console.log(`\nListing ${companies} companies with auth.companies(), ${circumstances()}; to reach: 10 s, 16 MiB.`);
  console.table(seen);
}

async function list(grants) {
  const auth = aircallAuth({ ...settings, grants });
  collect();
  const before = process.memoryUsage().heapUsed;
  let [count, most] = [0, 0];
  const startedAt = performance.now();
  for await (const { companyRef } of auth.companies()) {
    if (typeof companyRef !== "string") throw new Error("This is no company of the bench.");
    if (++count % 5_000 !== 0) continue;
    collect();
    most = Math.max(most, process.memoryUsage().heapUsed - before);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  await auth.close();
  if (count !== companies) throw new Error(`${count} of ${companies} were listed.`);
  return { seconds: Number(seconds.toFixed(1)), "MiB at most": Number((most / 2 ** 20).toFixed(1)) };
}

function grantOf(n) {
  const at = new Date();
  const [state, refusedAt] = ["active", null];
  const account = { id: null, name: `Company ${n}`, user: null };
  const key = { apiId: `id-${n}`, accessToken: `token-${n}`, refreshToken: null, expiresAt: null };
  return { app, ref: `tenant-${n}`, account, ...key, obtainedAt: at, connectedAt: at, state, refusedAt };
}

/** As the store knows an app of the default name. */
const app = require("../../dist/grants/session-grants").appKey("keys keys");

function inMemory() {
  return { grants: memoryGrants({ maxGrants: companies }), end: () => Promise.resolve() };
}

async function inRedis() {
  const port = await freePort();
  const server = spawn("redis-server", ["--port", port, "--bind", "127.0.0.1", "--save", ""], { stdio: "ignore" });
  await sleep(500);
  const client = await createClient({ url: `redis://127.0.0.1:${port}` }).connect();
  return {
    grants: redisGrants(client),
    end() {
      client.destroy();
      server.kill();
    },
  };
}

async function inPostgres() {
  const { PGHOST = "127.0.0.1", PGPORT = "5432", PGUSER = "postgres", PGDATABASE = "postgres" } = process.env;
  const pool = new Pool({ connectionString: `postgres://${PGUSER}@${PGHOST}:${PGPORT}/${PGDATABASE}`, max: 32 });
  await pool.query(`CREATE SCHEMA ${schema}`);
  return {
    grants: postgresGrants(pool, { schema, migrate: true }),
    async end() {
      await pool.query(`DROP SCHEMA ${schema} CASCADE`);
      await pool.end();
    },
  };
}
