/** A process that receives webhooks, and handles what BullMQ keeps: begins and ends are written down in Redis, in order. */
const express = require("express");
const { Redis } = require("ioredis");
const { aircallAuth } = require("../../../src/index.ts");
const { aircallWebhooks } = require("../../../src/index.ts");
const { bullQueue } = require("../../../src/webhooks/bullmq/index.ts");

const { redis, port, name, token, handleMs, log } = JSON.parse(process.argv[2]);
process.on("unhandledRejection", (reason) => process.send({ trouble: `unhandled rejection: ${reason}` }));
process.on("disconnect", () => process.exit());

const connection = new Redis(redis).on("error", () => undefined);
const note = (what) => connection.rpush(log, JSON.stringify({ pid: process.pid, ...what }));

const auth = aircallAuth({ user: "id", password: "secret", apiUrl: "http://127.0.0.1:9" });
const events = aircallWebhooks({
  auth,
  path: "/events",
  tokens: [token],
  queue: bullQueue({ connection, name, backOffMs: 10 }),
  async onAny({ id, name: event, data, late }) {
    await note({ begun: id, event, call: data.id, late });
    await new Promise((resolve) => setTimeout(resolve, handleMs));
    await note({ done: id });
  },
});

const server = express()
  .use(events)
  .listen(port, "127.0.0.1", () => process.send({ ready: true }));

process.on("SIGTERM", async () => {
  server.close();
  await events.close();
  process.exit();
});
