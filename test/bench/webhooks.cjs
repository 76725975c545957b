// What receiving a webhook costs, beside a bare express.json() route that compares the token and does nothing else.
// With BullMQ, which needs redis-server, this is what the process that receives spends; another one would handle.
const { spawn } = require("node:child_process");
const { Pool } = require("undici");
const { circumstances, freePort, inLanes, median, ratio, round1, startChild } = require("./child.cjs");

const rounds = Number(process.env.ROUNDS ?? 7);
/** V8 has compiled by then what runs often. */
const roundsToWarmUp = 4;
const deliveries = 3_000;
const lanes = 8;
const token = "b5d1f0c2a7e94c1d8f3b6a5e4d2c1b0a";
const peers = {
  ours: "aircallWebhooks(), in process",
  bull: "aircallWebhooks({ queue: bullQueue() }), received",
  bare: "a bare express.json() route",
};
let nextId = 4_200_000_000;

async function main() {
  const port = await freePort();
  const redis = spawn("redis-server", ["--port", port, "--bind", "127.0.0.1", "--save", ""], { stdio: "ignore" });
  const apps = await Promise.all(Object.keys(peers).map((peer) => start(peer, `redis://127.0.0.1:${port}`)));
  const cpu = Object.fromEntries(apps.map(({ peer }) => [peer, []]));
  for (let round = -roundsToWarmUp; round < rounds; round += 1) {
    for (const app of apps) {
      const seen = await runRound(app);
      if (round >= 0) cpu[app.peer].push(seen);
    }
  }
  for (const { pool, stop } of apps) {
    await pool.destroy();
    stop();
  }
  redis.kill();
  print(cpu);
}

async function start(peer, redisUrl) {
  const app = await startChild("webhooks-app.cjs", { peer, token, redisUrl });
  return { ...app, pool: new Pool(app.origin, { connections: lanes }) };
}

/** Microseconds of CPU time per delivery; each is an event of its own. */
async function runRound({ peer, pool, ask }) {
  const before = await ask("cpu");
  await inLanes(lanes, deliveries, async () => {
    const headers = { "content-type": "application/json" };
    const { statusCode, body } = await pool.request({
      path: "/aircall/events",
      method: "POST",
      headers,
      body: delivery(),
    });
    await body.dump();
    if (statusCode !== 200) throw new Error(`${peer} answered ${statusCode}`);
  });
  const after = await ask("cpu");
  if (after.handled - before.handled !== deliveries)
    throw new Error(`${peer} handled ${after.handled - before.handled}`);
  return (after.user - before.user + after.system - before.system) / deliveries;
}

/** A call as Aircall sends it, some three kilobytes. */
function delivery() {
  const id = nextId++;
  const user = {
    id: 7,
    direct_link: "https://api.aircall.io/v1/users/7",
    name: "Ada Lovelace",
    email: "ada@acme.example",
  };
  const tag = (n) => ({ id: n, name: `tag ${n}`, tagged_at: 1_790_000_000 + n, tagged_by: user });
  const number = { id: 5, name: "Support", digits: "+33 1 99 00 12 34", country: "FR", time_zone: "Europe/Paris" };
  const data = {
    ...{ id, call_uuid: `CA${id}`, direct_link: `https://api.aircall.io/v1/calls/${id}`, direction: "inbound" },
    ...{ status: "done", missed_call_reason: null, started_at: 1_790_000_000, answered_at: 1_790_000_010 },
    ...{ ended_at: 1_790_000_100, duration: 100, raw_digits: "+33 1 99 00 56 78", voicemail: null, recording: null },
    ...{ asset: null, archived: false, number, user, assigned_to: user, teams: [], participants: [] },
    ...{
      tags: [1, 2, 3, 4].map(tag),
      comments: [1, 2].map((n) => ({ id: n, content: "x".repeat(200), posted_by: user })),
    },
  };
  return JSON.stringify({ resource: "call", event: "call.ended", timestamp: 1_790_000_101, token, data });
}

function print(cpu) {
  console.log(
    `\nReceiving a webhook of ${delivery().length} bytes, median of ${rounds} rounds of ${deliveries}, ${circumstances()}`,
  );
  console.table(
    Object.fromEntries(
      Object.entries(cpu).map(([peer, values]) => [
        peers[peer],
        {
          "µs CPU a webhook": Math.round(median(values)),
          "webhooks a CPU second": round1(1e6 / median(values)),
          "times the bare route": ratio(values, cpu.bare),
        },
      ]),
    ),
  );
  console.log("To reach: 1.15 times the bare route in process, 1.3 with BullMQ.");
}

void main();
