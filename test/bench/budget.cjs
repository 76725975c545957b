// What the request budgets of many companies take: memory while idle and once swept, and CPU for a turn.
const { setFlagsFromString } = require("node:v8");
const { runInNewContext } = require("node:vm");
const { createBudgets } = require("../../dist/budget/budget.js");
const { circumstances, median, round1 } = require("./child.cjs");

const companies = 100_000;
const rounds = 5;
setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc");

function heapMiB() {
  collectGarbage();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

async function main() {
  let now = Date.now();
  const deadline = { signal: { aborted: false }, remainingMs: () => 10_000 };
  const budgets = createBudgets({ now: () => now });

  async function request(company) {
    const asking = { budget: `company:${company}`, lane: "interactive", request: "GET /v1/calls/:id", deadline };
    const turn = await budgets.acquire(asking);
    turn.sent();
    turn.done({ limit: 120, remaining: 119, resetAt: new Date(now + 60_000) });
  }

  const empty = heapMiB();
  for (let company = 0; company < companies; company += 1) await request(company);
  const idle = heapMiB() - empty;

  const micros = [];
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    for (let company = 0; company < companies; company += 1) await request(company);
    const { user, system } = process.cpuUsage(before);
    micros.push((user + system) / companies);
  }

  now += 180_000;
  await request("the first after a while");
  const swept = heapMiB() - empty;
  budgets.close();

  console.log(`\nRequest budgets of ${companies} companies, ${circumstances()}`);
  console.table({
    "MiB after a request of each (to reach: at most 64)": round1(idle),
    "MiB three minutes later": round1(swept),
    "µs of CPU a turn, median": round1(median(micros)),
  });
}

void main();
