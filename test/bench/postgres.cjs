// What a request adds that reads its grant, in PostgreSQL and in Redis, to one whose session is in PostgreSQL anyway:
// interleaved rounds in one run, so that a busy machine weighs on all. Needs a PostgreSQL (PGHOST, PGUSER …, or one
// here that asks for no password) and redis-server.
const { spawn } = require("node:child_process");
const { readFileSync } = require("node:fs");
const { performance } = require("node:perf_hooks");
const { setTimeout: sleep } = require("node:timers/promises");
const { Client } = require("pg");
const { Pool } = require("undici");
const { signIn } = require("./browser.cjs");
const { circumstances, freePort, inLanes, median, ratio, round1, startChild } = require("./child.cjs");

const rounds = Number(process.env.ROUNDS ?? 9);
const requests = 400;
const lanes = 4;
const schema = `express_aircall_bench_${process.pid}`;
const kinds = { none: "connect-pg-simple alone", postgres: "+ postgresGrants", redis: "+ redisGrants" };
const sessionTable = readFileSync(require.resolve("connect-pg-simple/table.sql"), "utf8");

async function main() {
  const { PGHOST = "127.0.0.1", PGPORT = "5432", PGUSER = "postgres", PGDATABASE = "postgres" } = process.env;
  const postgresUrl = `postgres://${PGUSER}@${PGHOST}:${PGPORT}/${PGDATABASE}`;
  const inside = new Client(postgresUrl);
  await inside.connect();
  await inside.query(`CREATE SCHEMA ${schema}; SET search_path TO ${schema}; ${sessionTable}`);
  const redisPort = await freePort();
  const redis = spawn("redis-server", ["--port", redisPort, "--bind", "127.0.0.1", "--save", ""], { stdio: "ignore" });
  await sleep(500);
  const provider = await startChild("provider.cjs", {});
  const settings = { provider, postgresUrl, redisUrl: `redis://127.0.0.1:${redisPort}`, schema };
  const apps = [];

  try {
    for (const grants of Object.keys(kinds)) apps.push(await startApp(grants, settings));
    const seen = Object.fromEntries(apps.map(({ kind }) => [kind, []]));
    for (let round = -3; round < rounds; round += 1) {
      for (const app of apps) {
        const one = await runRound(app);
        if (round >= 0) seen[app.kind].push(one);
      }
    }
    print(seen);
  } finally {
    for (const { pool } of apps) await pool.destroy();
    for (const { stop } of [provider, ...apps]) stop();
    redis.kill();
    await sleep(200);
    await inside.query(`DROP SCHEMA ${schema} CASCADE`);
    await inside.end();
  }
}

async function startApp(grants, settings) {
  const app = await startChild("store-app.cjs", { ...settings, grants, port: await freePort() });
  const cookie = await signIn(`${app.origin}/login`);
  return { ...app, cookie, pool: new Pool(app.origin, { connections: lanes }) };
}

/** Of one request: microseconds of CPU time, milliseconds until it was answered, statements for its grant. */
async function runRound({ ask, cookie, pool }) {
  const before = await ask("cpu");
  const startedAt = performance.now();
  await inLanes(lanes, requests, async () => {
    const { statusCode, body } = await pool.request({ path: "/", method: "GET", headers: { cookie } });
    if ((await body.text()) !== "7") throw new Error(`Answered ${statusCode}.`);
  });
  const ms = ((performance.now() - startedAt) * lanes) / requests;
  const after = await ask("cpu");
  const cpu = (after.user - before.user + after.system - before.system) / requests;
  return { cpu, ms, statements: (after.statements - before.statements) / requests };
}

function print(seen) {
  const all = (kind, what) => seen[kind].map((one) => one[what]);
  const over = (kind, what) => ratio(all(kind, what), all("none", what));
  console.log(`\nA request that reads its grant, median of ${rounds} rounds of ${requests}, ${circumstances()}`);
  console.table(
    Object.fromEntries(
      Object.entries(kinds).map(([kind, name]) => [
        name,
        {
          "µs CPU": Math.round(median(all(kind, "cpu"))),
          "over sessions alone": over(kind, "cpu"),
          ms: round1(median(all(kind, "ms"))),
          "ms over sessions alone": over(kind, "ms"),
        },
      ]),
    ),
  );
  const statements = Math.max(...all("postgres", "statements"));
  console.log(
    `CPU with Postgres grants over Redis grants: ${ratio(all("postgres", "cpu"), all("redis", "cpu"))}; time: ` +
      `${ratio(all("postgres", "ms"), all("redis", "ms"))}. Statements for the grant of a request: ${statements}, at most 1.`,
  );
  if (statements > 1) process.exitCode = 1;
}

void main();
