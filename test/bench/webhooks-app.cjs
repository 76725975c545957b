// An app that receives webhooks, in a process of its own: `node webhooks-app.cjs '{"peer":"ours","token":"…"}'`.
const express = require("express");
const { aircallAuth, aircallWebhooks } = require("express-aircall");

const { bullQueue } = require("express-aircall/bullmq");
const { createClient } = require("redis");

const { peer, token, redisUrl } = JSON.parse(process.argv[2]);
const path = "/aircall/events";
let handled = 0;
const app = express();
process.on("disconnect", () => process.exit());
process.on("message", () => process.send({ ...process.cpuUsage(), handled }));

if (peer === "ours") {
  const auth = aircallAuth({ user: "id", password: "secret" });
  app.use(aircallWebhooks({ auth, path, tokens: [token], on: { "call.ended": count } }));
} else if (peer === "bull") {
  const auth = aircallAuth({ user: "id", password: "secret" });
  const client = createClient({ url: redisUrl });
  client.on("error", () => {});
  client.connect();
  const queue = bullQueue({ connection: client });
  const events = aircallWebhooks({ auth, path, tokens: [token], on: { "call.ended": count }, queue, worker: false });
  // Nobody works on the queue here: what was taken counts.
  app.use((req, res, next) => (res.on("finish", () => (handled += res.statusCode === 200 ? 1 : 0)), next()));
  app.use(events);
} else {
  app.use(express.json({ limit: "1mb" }));
  app.post(path, (req, res) => {
    if (req.body.token !== token) return void res.sendStatus(401);
    if (req.body.event === "call.ended") count(req.body);
    res.sendStatus(200);
  });
}
const server = app.listen(0, "127.0.0.1", () =>
  process.send({ peer, origin: `http://127.0.0.1:${server.address().port}` }),
);

function count({ data }) {
  if (data.status === "done") handled += 1;
}
