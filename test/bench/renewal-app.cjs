// An app whose visitors use their company's account, in a process of its own: `node renewal-app.cjs <settings as JSON>`.
// `ours` leaves tokens to aircallAuth(); `naive` keeps them in the session and lets every request refresh by itself.
const { RedisStore } = require("connect-redis");
const express = require("express");
const session = require("express-session");
const OAuth2Strategy = require("passport-oauth2");
const refresh = require("passport-oauth2-refresh");
const { createClient } = require("redis");
const { request } = require("undici");
const { aircallAuth, memoryGrants } = require("express-aircall");
const { appKey, holdLinks } = require("../../dist/grants/session-grants.js");
const { redisGrants } = require("../../dist/grants/stores/redis/redis.js");

const { variant, redisUrl, provider } = JSON.parse(process.argv[2]);
const client = { id: "a client", secret: "a secret of the bench" };
const hour = 3_600_000;

process.on("disconnect", () => process.exit());
process.on("message", () => process.send({ cpu: process.cpuUsage() }));
void main();

async function main() {
  const redis = redisUrl && (await createClient({ url: redisUrl }).connect());
  const store = redis ? new RedisStore({ client: redis }) : new session.MemoryStore();
  const app = express();
  app.use(session({ secret: "a secret of the bench", store, resave: false, saveUninitialized: false }));
  app.get("/session", (_req, res) => res.send("ok"));
  (variant === "ours" ? addOurs : addNaive)(app, redis ? redisGrants(redis) : memoryGrants());
  app.use((error, _req, res, _next) => res.status(error.status ?? 500).send("failed"));
  const server = app.listen(0, "127.0.0.1", 1_024, () => process.send({ port: server.address().port }));
}

function addOurs(app, grants) {
  const { apiUrl, tokenUrl } = provider;
  const oauth = { oauthClientId: client.id, oauthClientSecret: client.secret, initiateOAuth: "REFRESH" };
  app.use(aircallAuth({ ...oauth, apiUrl, tokenUrl, grants }));
  app.get("/sign-in", async (req, res) => {
    const { access, refresh } = req.query;
    const account = { id: 7, name: "Acme", user: null };
    const tokens = { accessToken: access, refreshToken: refresh, ...lifeFor(req) };
    const app = appKey(client.id);
    const grant = { app, account, ...tokens, state: "active", refusedAt: null };
    holdLinks(req.session, app, [{ id: await grants.create(grant, hour, "link"), link: "link", hold: "session" }]);
    res.send("signed in");
  });
  app.get("/ping", async (req, res) => res.send(await req.aircall.ping()));
  app.get("/account", async (req, res) => res.send(await req.aircall.account()));
}

function addNaive(app) {
  const { apiUrl, authorizeUrl, tokenUrl } = provider;
  const credentials = { clientID: client.id, clientSecret: client.secret };
  const strategy = new OAuth2Strategy(
    { ...credentials, authorizationURL: authorizeUrl, tokenURL: tokenUrl, callbackURL: apiUrl },
    () => undefined,
  );
  refresh.use("aircall", strategy);
  app.get("/sign-in", (req, res) => {
    const { access, refresh } = req.query;
    const { obtainedAt, expiresAt } = lifeFor(req);
    req.session.tokens = { access, refresh, expiresAt: expiresAt.getTime(), obtainedAt };
    res.send("signed in");
  });
  app.get("/ping", async (req, res) => {
    if (req.session.tokens.expiresAt <= Date.now()) req.session.tokens = await renewed(req.session.tokens);
    const headers = { authorization: `Bearer ${req.session.tokens.access}` };
    const { statusCode, body } = await request(`${apiUrl}/v1/ping`, { headers });
    res.status(statusCode).send(await body.json());
  });
}

function renewed(tokens) {
  return new Promise((resolve, reject) => {
    refresh.requestNewAccessToken("aircall", tokens.refresh, (error, access, refresh) => {
      if (error) reject(new Error("The token could not be refreshed."));
      else resolve({ access, refresh, expiresAt: Date.now() + hour });
    });
  });
}

function lifeFor({ query }) {
  const expiresAt = Date.now() + (query.expired === "yes" ? -1_000 : hour);
  return { obtainedAt: new Date(Date.now() - hour), expiresAt: new Date(expiresAt) };
}
