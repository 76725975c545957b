// An app whose sessions are in PostgreSQL, and whose grants are elsewhere or nowhere, in a process of its own:
// `node store-app.cjs '{"grants":"postgres",…}'`. It counts what it asks PostgreSQL for its grants.
const connectPgSimple = require("connect-pg-simple");
const express = require("express");
const session = require("express-session");
const { Pool } = require("pg");
const { createClient } = require("redis");
const { aircallAuth, postgresGrants, redisGrants } = require("express-aircall");

const { grants: kind, port, provider, postgresUrl, redisUrl, schema } = JSON.parse(process.argv[2]);
const origin = `http://127.0.0.1:${port}`;
const pool = new Pool({ connectionString: postgresUrl, max: 8 });
let statements = 0;

process.on("disconnect", () => process.exit());
process.on("message", () => process.send({ ...process.cpuUsage(), statements }));
void main();

async function main() {
  const app = express();
  const store = new (connectPgSimple(session))({ pool, schemaName: schema, pruneSessionInterval: false });
  app.use(
    session({ secret: "a secret of the bench, long enough for it", resave: false, saveUninitialized: false, store }),
  );
  const grants = await chooseGrants();
  if (grants) mountAircall(app, grants);
  else app.get("/login", (req, res) => res.send(String((req.session.visits = 1))));
  app.get("/", async (req, res) => res.json(grants ? (await req.aircall.account()).id : 7));
  app.listen(port, "127.0.0.1", () => process.send({ kind, origin }));
}

function mountAircall(app, grants) {
  const { apiUrl, authorizeUrl, tokenUrl } = provider;
  const oauth = {
    oauthClientId: "a-client",
    oauthClientSecret: "a-secret-of-the-client",
    initiateOAuth: "GETANDREFRESH",
  };
  app.get("/login", (_req, res) => res.redirect("/auth/aircall"));
  app.use(aircallAuth({ ...oauth, callbackUrl: `${origin}/callback`, apiUrl, authorizeUrl, tokenUrl, grants }));
}

async function chooseGrants() {
  if (kind === "redis") return redisGrants(await createClient({ url: redisUrl }).connect());
  if (kind !== "postgres") return null;
  const query = (text, values) => ((statements += 1), pool.query(text, values));
  return postgresGrants({ query }, { schema, migrate: true });
}
