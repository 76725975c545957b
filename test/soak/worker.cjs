// One app as it runs in production, in a process of its own that can be killed: `fork("worker.cjs", [settings as JSON])`.
const { setTimeout: sleep } = require("node:timers/promises");
const { RedisStore } = require("connect-redis");
const express = require("express");
const session = require("express-session");
const { Pool } = require("pg");
const { createClient } = require("redis");
const {
  aircallAuth,
  aircallErrors,
  guardSessionStore,
  memoryGrants,
  postgresGrants,
  redisGrants,
  saveSessionFirst,
  sessionGrants,
} = require("express-aircall");

const { grants: kind, redisUrl, postgresUrl, auth: settings, tenants } = JSON.parse(process.argv[2]);

process.on("unhandledRejection", (reason) => tellTrouble("unhandled rejection", reason));
process.on("uncaughtException", (error) => tellTrouble("uncaught exception", error));
process.on("warning", (warning) => tellTrouble("warning", warning));
process.on("disconnect", () => process.exit());

let asked = 0;
main();

function main() {
  const sessions = redisUrl ? new RedisStore({ client: connect() }) : new session.MemoryStore();
  const grants = chooseGrants(sessions);
  const byTenant = tenants && { hold: "company", company: tenantOf, skipUserProfile: false };
  const auth = aircallAuth({ ...settings, ...byTenant, ...(grants && { grants }) });
  const app = createApp(guardSessionStore(sessions), auth);
  const server = app.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
  // Longer than the driver keeps an idle connection, so that no request meets one that is about to close.
  server.keepAliveTimeout = 600_000;
  process.on("message", (message) => void answer(grants, message));
  process.once("SIGTERM", () => void stop(server, auth));
}

/** Goes on trying by itself where Redis is absent. */
function connect() {
  const client = createClient({ url: redisUrl });
  client.on("error", () => undefined);
  client.connect().catch(() => undefined);
  return client;
}

function connectPool() {
  const pool = new Pool({ connectionString: postgresUrl, max: 5 });
  pool.on("error", () => undefined);
  return pool;
}

async function stop(server, auth) {
  server.close();
  await auth.close();
  process.exit();
}

/** A front door of the app's own says whose a request is. */
function tenantOf(req) {
  const ref = req.get("x-tenant");
  return ref === undefined ? null : { ref };
}

/** Nothing for Redis, but where companies hold them: there the library is to find the client by itself. */
function chooseGrants(sessions) {
  if (kind === "memory") return memoryGrants();
  if (kind === "session") return sessionGrants(sessions);
  if (kind === "redis" && tenants) return redisGrants(connect());
  if (kind === "postgres") return postgresGrants(connectPool(), { migrate: true });
}

function createApp(store, auth) {
  const app = express();
  app.use(session({ secret: "a session secret", store, resave: false, saveUninitialized: false }), saveSessionFirst());
  app.use(auth);
  app.get("/grant", (req, res) =>
    res.json({ id: Object.values(req.session["express-aircall"] ?? {})[0]?.[0]?.id ?? null }),
  );
  app.get("/ping", async (req, res) => res.json(await req.aircall.ping(forItself())));
  app.get("/company", async (req, res) => res.json(await req.aircall.company.get(forItself())));
  app.post("/key", async (req, res) => {
    const { user, password } = req.query;
    res.json(await auth.connectKey(tenantOf(req), { user, password }));
  });
  app.post("/key/end", async (req, res) => {
    await auth.disconnectKey(tenantOf(req));
    res.json({});
  });
  app.get("/write", async (req, res) => {
    await sleep(Number(req.query.ms));
    req.session.note = Math.random();
    res.json({ note: req.session.note });
  });
  app.use(aircallErrors(), (error, _req, res, _next) => {
    res.status(error.status ?? 500).json({ error: error.code ?? "unnamed" });
  });
  return app;
}

/** Reads that are the same share one request: with a deadline of its own, each asks for itself. */
function forItself() {
  asked += 1;
  return { timeoutMs: 30_000 + (asked % 10_000) };
}

/** Grants of one process can be reached from outside only by asking it. */
async function answer(grants, { ask, method, inputs }) {
  process.send({ ask, value: await grants[method](...revived(inputs)) });
}

/** Dates do not survive the way between processes. */
function revived(inputs) {
  return inputs.map((input) => {
    if (typeof input !== "object") return input;
    const { expiresAt, obtainedAt, connectedAt } = input;
    const moments = { obtainedAt: new Date(obtainedAt), connectedAt: new Date(connectedAt) };
    return { ...input, ...moments, expiresAt: expiresAt && new Date(expiresAt) };
  });
}

function tellTrouble(what, { message, stack }) {
  process.send({ trouble: `${what}: ${stack ?? message}` });
}
