// A process that companies connect to and leave until it is killed: `fork("killed-process.cjs", [settings as JSON])`.
const { appendFileSync } = require("node:fs");
const { setTimeout: sleep } = require("node:timers/promises");
const { Pool } = require("pg");
const { createClient } = require("redis");
const { createDelivery } = require("../../../src/companies/hooks/delivery.ts");
const { watchedStore } = require("../../../src/companies/hooks/watched-store.ts");
const { keepForCompany } = require("../../../src/grants/ownership.ts");
const { createRenewals } = require("../../../src/grants/renewal/renew.ts");
const { postgresGrants } = require("../../../src/grants/stores/postgres/postgres.ts");
const { redisGrants } = require("../../../src/grants/stores/redis/redis.ts");

const { redisUrl, postgresUrl, file, role, first, aheadMs } = JSON.parse(process.argv[2]);
const app = "an-app-1";
const say = (what) => appendFileSync(file, `${what}\n`);

async function open() {
  if (postgresUrl) return postgresGrants(new Pool({ connectionString: postgresUrl, max: 3 }));
  return redisGrants(await createClient({ url: redisUrl }).connect());
}

async function main() {
  const given = await open();
  const { store, join } = watchedStore(given, app);
  const tell = async (what) => {
    if (role === "tell") process.send("at it");
    await sleep(5);
    say(`told ${what}`);
  };
  const listener = {
    name: "app",
    connected: ({ company, reason }) => tell(`connect ${company} ${reason}`),
    disconnected: ({ company, reason }) => tell(`disconnect ${company} ${reason}`),
    failed: (error) => say(`failed ${error.message}`),
  };
  const delivery = createDelivery({ store: given, app, listener, now: () => Date.now() + aheadMs });
  join(delivery);
  if (role === "tell") {
    await delivery.poll();
    process.exit();
  }
  process.send("ready");
  for (let company = first; ; company += 1) await live(store, company);
}

/** A company connects; it leaves, or a job finds that Aircall refuses its token. What was answered is written down. */
async function live(store, company) {
  const connectedAt = new Date();
  const id = await keepForCompany(store, grantOf(company, connectedAt), { company });
  say(`did connect ${company} sign_in`);
  if (company % 3 === 0) return;
  if (company % 3 === 1) {
    await store.delete(id);
    return say(`did disconnect ${company} disconnected`);
  }
  await suspend(store, id, grantOf(company, connectedAt));
  say(`did disconnect ${company} suspended`);
}

/** As a job does that finds that Aircall refuses what it refused two minutes ago. */
async function suspend(store, id, grant) {
  await store.replace(id, 1, { ...grant, refusedAt: new Date(Date.now() - 120_000) });
  const renewals = createRenewals({ store, endpoint: null, probe: () => Promise.resolve("refused") });
  const { grant: after } = await renewals.check(id, await store.get(id));
  if (after.state !== "suspended") throw new Error("It was not suspended.");
  await renewals.close();
}

function grantOf(id, connectedAt) {
  return {
    ...{
      app,
      account: { id, name: null, user: null },
      ref: null,
      apiId: null,
      connectedAt,
      accessToken: `token-${id}`,
    },
    ...{ refreshToken: null, expiresAt: null, obtainedAt: connectedAt, state: "active", refusedAt: null },
  };
}

void main();
