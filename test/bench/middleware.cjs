// CPU time per request that each middleware adds to an app that has express-session, in interleaved rounds. None of them
// calls the system, and what the same write to a socket takes there differs by more from process to process than all that
// is measured here: what is added is user time.
const { fork } = require("node:child_process");
const { once } = require("node:events");
const { join } = require("node:path");
const { Pool } = require("undici");
const { median } = require("./child.cjs");

const rounds = Number(process.env.ROUNDS ?? 15);
const requestsPerRound = 6_000;
const connections = 8;

async function startServer(variant) {
  const child = fork(join(__dirname, "middleware-server.cjs"), [variant]);
  const [{ port }] = await once(child, "message");
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections });
  const signedIn = await pool.request({ path: "/sign-in", method: "GET" });
  await signedIn.body.dump();
  const cookie = String(signedIn.headers["set-cookie"]).split(";")[0];
  return { variant, child, pool, cookie };
}

async function cpuMicroseconds({ child }) {
  child.send("cpu");
  const [{ cpu }] = await once(child, "message");
  return cpu.user;
}

async function runRound(server) {
  const before = await cpuMicroseconds(server);
  let left = requestsPerRound;
  const lane = async () => {
    while (left-- > 0) {
      const { body } = await server.pool.request({ path: "/", method: "GET", headers: { cookie: server.cookie } });
      await body.dump();
    }
  };
  await Promise.all(Array.from({ length: connections }, lane));
  return ((await cpuMicroseconds(server)) - before) / requestsPerRound;
}

async function main() {
  const servers = await Promise.all(["session", "nothing", "aircall", "passport"].map(startServer));
  const cpu = Object.fromEntries(servers.map(({ variant }) => [variant, []]));
  for (const server of servers) await runRound(server);
  for (let round = 0; round < rounds; round += 1) {
    for (const server of servers) cpu[server.variant].push(await runRound(server));
  }
  for (const { child, pool } of servers) {
    await pool.close();
    child.kill();
  }

  const added = (variant) => median(cpu[variant].map((value, round) => value - cpu.session[round]));
  const [aircall, passport, nothing] = [added("aircall"), added("passport"), added("nothing")];
  console.log(
    `User CPU per request, median of ${rounds} interleaved rounds of ${requestsPerRound} requests, Node ${process.version}`,
  );
  console.table({
    "express-session alone": { "µs a request": round1(median(cpu.session)), "µs added": 0 },
    "+ one that does nothing": { "µs a request": round1(median(cpu.nothing)), "µs added": round1(nothing) },
    "+ aircallAuth()": { "µs a request": round1(median(cpu.aircall)), "µs added": round1(aircall) },
    "+ passport.session()": { "µs a request": round1(median(cpu.passport)), "µs added": round1(passport) },
  });
  console.log(
    `aircallAuth() adds ${(aircall / passport).toFixed(2)} of what passport.session() adds; to reach: at most 10 µs.`,
  );
}

function round1(value) {
  return Math.round(value * 10) / 10;
}

void main();
