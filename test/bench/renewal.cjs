// What a renewal adds to the requests that wait for it, beside an app that lets each request refresh by itself; and what a
// request costs that needs none. Interleaved rounds, real processes, a real Redis.
const { fork, spawn } = require("node:child_process");
const { once } = require("node:events");
const { join } = require("node:path");
const { performance } = require("node:perf_hooks");
const { URLSearchParams } = require("node:url");
const { createClient } = require("redis");
const { Pool } = require("undici");
const { freePort, median, round1 } = require("./child.cjs");
const { startPeer } = require("./renewal-peer-stage.cjs");
const { startProvider } = require("./renewal-provider.cjs");

const rounds = Number(process.env.ROUNDS ?? 15);
const requests = 200;
const tokenMs = 100;

const settings = [
  { name: "ours, 1 process, memory", variant: "ours", processes: 1, redis: false, target: 15 },
  { name: "naive, 1 process, memory", variant: "naive", processes: 1, redis: false },
  { name: "express-openid-connect, 1 process, cookie", variant: "peer", processes: 1, redis: false },
  { name: "ours, 2 processes, Redis", variant: "ours", processes: 2, redis: true, target: 30 },
  { name: "naive, 2 processes, Redis", variant: "naive", processes: 2, redis: true },
  { name: "express-openid-connect, 2 processes, Redis", variant: "peer", processes: 2, redis: true },
];

async function main() {
  const provider = await startProvider(tokenMs);
  const redis = await startRedis();
  const apps = [];

  try {
    for (const setting of settings) apps.push(await startApp(setting, provider, redis.url));
    for (const app of apps) await runRound(app);
    for (const app of apps) app.rounds = [];
    for (let round = 0; round < rounds; round += 1) {
      for (const app of apps) app.rounds.push(await runRound(app));
    }
    printBursts(apps);
    await printCosts(
      apps.find(({ variant, redis }) => variant === "ours" && redis),
      redis.url,
    );
  } finally {
    for (const { stop } of apps) stop();
    for (const { child, pool } of apps.flatMap(({ servers }) => servers)) {
      child.kill();
      await pool.destroy();
    }
    redis.process.kill();
    provider.close();
  }
}

/** The same burst twice: with a token that still works, and with one that has expired. */
async function runRound(app) {
  const fresh = await burst(app, await app.signIn(false));
  const cookie = await app.signIn(true);
  await app.takeTokenRequests();
  const expired = await burst(app, cookie);
  return { fresh, expired, tokenRequests: await app.takeTokenRequests() };
}

async function burst({ servers, host }, cookie) {
  const headers = { cookie, ...(host && { host }) };
  const answers = await Promise.all(
    Array.from({ length: requests }, (_, n) => timed(servers[n % servers.length], "/ping", headers)),
  );
  return { p50: median(answers.map(({ ms }) => ms)), failed: answers.filter(({ status }) => status !== 200).length };
}

async function timed({ pool }, path, headers) {
  const startedAt = performance.now();
  const { statusCode, body } = await pool.request({ path, method: "GET", headers });
  await body.dump();
  return { status: statusCode, ms: performance.now() - startedAt };
}

async function signIn({ pool }, provider, expired) {
  const path = `/sign-in?${new URLSearchParams({ ...provider.issue(), expired })}`;
  const { headers, body } = await pool.request({ path, method: "GET" });
  await body.dump();
  return String(headers["set-cookie"]).split(";")[0];
}

function printBursts(apps) {
  console.log(
    `\nA burst of ${requests} requests on an expired token, token endpoint ${tokenMs} ms, median of ${rounds} ` +
      `interleaved rounds, Node ${process.version}`,
  );
  const rows = apps.map(({ name, target, rounds }) => {
    const of = (read) => median(rounds.map(read));
    return {
      app: name,
      "token requests": of(({ tokenRequests }) => tokenRequests),
      "failed of 200": of(({ expired }) => expired.failed),
      "p50 ms": round1(of(({ expired }) => expired.p50)),
      "p50 ms, token good": round1(of(({ fresh }) => fresh.p50)),
      "beyond the endpoint": round1(of(({ expired }) => expired.p50 - tokenMs)),
      "and beyond the burst itself": round1(of(({ expired, fresh }) => expired.p50 - tokenMs - fresh.p50)),
      "to reach": target ? `<= ${target}` : "",
    };
  });
  console.table(rows);
}

/** Redis commands that clients send (those inside scripts are part of one), and CPU, over what the session alone needs. */
async function printCosts({ servers, signIn }, redisUrl) {
  const headers = { cookie: await signIn(false) };
  const monitor = await createClient({ url: redisUrl }).connect();
  let commands = 0;
  await monitor.monitor((line) => (commands += line.includes(" lua] ") ? 0 : 1));

  const seen = { "/session": { commands: 0, cpu: [] }, "/account": { commands: 0, cpu: [] } };
  const perRound = 2_000;
  for (let round = 0; round <= rounds; round += 1) {
    for (const [path, { cpu }] of Object.entries(seen)) {
      const cpuBefore = await cpuMicroseconds(servers[0]);
      const commandsBefore = commands;
      for (let left = perRound; left > 0; left -= 20) {
        await Promise.all(Array.from({ length: 20 }, () => timed(servers[0], path, headers)));
      }
      const used = ((await cpuMicroseconds(servers[0])) - cpuBefore) / perRound;
      await new Promise((resolve) => setTimeout(resolve, 50));
      seen[path].commands = (commands - commandsBefore) / perRound;
      if (round > 0) cpu.push(used);
    }
  }
  monitor.destroy();

  const [alone, grant] = [seen["/session"], seen["/account"]];
  console.log(`\nA request that needs no renewal, Redis, median of ${rounds} rounds of ${perRound} requests`);
  console.table({
    "express-session alone": { "Redis commands": alone.commands, "µs CPU": round1(median(alone.cpu)) },
    "and its grant read": { "Redis commands": grant.commands, "µs CPU": round1(median(grant.cpu)) },
    added: {
      "Redis commands": round1(grant.commands - alone.commands),
      "µs CPU": round1(median(grant.cpu.map((value, round) => value - alone.cpu[round]))),
    },
  });
}

async function cpuMicroseconds({ child }) {
  child.send("cpu");
  const [{ cpu }] = await once(child, "message");
  return cpu.user + cpu.system;
}

async function startApp(setting, provider, url) {
  const { variant, processes, redis } = setting;
  const redisUrl = redis ? url : null;
  if (variant === "peer") {
    const { apiUrl } = provider.urls;
    const peer = await startPeer({ processes, redisUrl, apiUrl, tokenMs, connections: requests });
    return { ...setting, ...peer };
  }

  const servers = await Promise.all(
    Array.from({ length: processes }, async () => {
      const options = { variant, redisUrl, provider: provider.urls };
      const child = fork(join(__dirname, "renewal-app.cjs"), [JSON.stringify(options)]);
      const [{ port }] = await once(child, "message");
      return { child, pool: new Pool(`http://127.0.0.1:${port}`, { connections: requests }) };
    }),
  );
  return {
    ...setting,
    servers,
    takeTokenRequests: () => provider.takeTokenRequests(),
    signIn: (expired) => signIn(servers[0], provider, expired ? "yes" : "no"),
    stop: () => undefined,
  };
}

async function startRedis() {
  const port = await freePort();
  const options = ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const child = spawn("redis-server", options, { stdio: ["ignore", "pipe", "ignore"] });
  for await (const line of child.stdout.iterator({ destroyOnReturn: false })) {
    if (String(line).includes("Ready to accept connections")) break;
  }
  child.stdout.resume();
  return { url: `redis://127.0.0.1:${port}`, process: child };
}

void main();
