// An app that receives webhooks, in a process of its own that can be killed: `fork("receiver.cjs", [settings as JSON])`.
const { setTimeout: sleep } = require("node:timers/promises");
const express = require("express");
const { createClient } = require("redis");
const { aircallAuth, aircallWebhooks, redisGrants } = require("express-aircall");

const { redisUrl, token, answer, workMs } = JSON.parse(process.argv[2]);

process.on("unhandledRejection", (reason) => process.send({ trouble: String(reason) }));
process.on("disconnect", () => process.exit());
void main();

async function main() {
  const client = createClient({ url: redisUrl });
  client.on("error", () => undefined);
  await client.connect();
  const auth = aircallAuth({
    oauthClientId: "client-1",
    oauthClientSecret: "client-secret-1",
    callbackUrl: "http://localhost/callback",
    hold: "company",
    grants: redisGrants(client),
  });
  const events = aircallWebhooks({
    auth,
    path: "/events",
    tokens: [{ token, company: 7 }],
    answer,
    onAny: (event) => handle(client, event),
  });
  const server = express()
    .use(events)
    .listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
  process.once("SIGTERM", async () => {
    server.close();
    await events.close();
    process.exit();
  });
}

/** Leaves in Redis which process began, and which was done. */
async function handle(client, { id, late }) {
  await client.rPush(`begun:${id}`, String(process.pid));
  await sleep(workMs);
  await client.rPush(`done:${id}`, JSON.stringify({ pid: process.pid, late }));
}
