// An app with one route that reads 50 calls and answers them, in a process of its own, each peer as its documentation
// has it written: `node route-app.cjs '{"peer":"ours",…}'`. The token is the visitor's, read for every request.
const { pipeline } = require("node:stream/promises");
const express = require("express");
const session = require("express-session");
const { aircallAuth } = require("express-aircall");

const { peer, port, provider, issuer } = JSON.parse(process.argv[2]);
const { apiUrl, authorizeUrl, tokenUrl } = provider;
const origin = `http://127.0.0.1:${port}`;
const callbackUrl = `${origin}/callback`;
const client = { id: "a-client", secret: "a-secret-of-the-client" };
const secret = "a secret of the bench, long enough for it";

const peers = {
  ours: parsed,
  piped,
  passport: passportAndAxios,
  oidc: openidAndFetch,
  simple: simpleAndGot,
  bare,
  canned,
};

/** Measured as in production, where nobody is let sign in over a plain MemoryStore. */
class BenchStore extends session.MemoryStore {}

const app = express();
process.on("disconnect", () => process.exit());
process.on("message", () => process.send(process.cpuUsage()));
void main();

async function main() {
  await peers[peer]();
  app.use((error, _req, res, _next) => res.status(500).send(String(error)));
  app.listen(port, "127.0.0.1", () => process.send({ peer, origin }));
}

function withSession() {
  app.use(session({ secret, resave: false, saveUninitialized: false, store: new BenchStore() }));
}

function withAircall() {
  withSession();
  const oauth = { oauthClientId: client.id, oauthClientSecret: client.secret, initiateOAuth: "GETANDREFRESH" };
  app.get("/login", (_req, res) => res.redirect("/auth/aircall"));
  app.use(aircallAuth({ ...oauth, callbackUrl, apiUrl, authorizeUrl, tokenUrl }));
}

function parsed() {
  withAircall();
  app.get("/calls", async (req, res) => {
    res.json((await req.aircall.calls.list({ per_page: 50, page: req.query.page })).items);
  });
}

function piped() {
  withAircall();
  app.get("/calls", async (req, res) => {
    await req.aircall.calls.list({ per_page: 50, page: req.query.page }).pipe(res);
  });
}

/** As little as can be done: a token in the session, and undici's answer handed on. */
function bare() {
  const { request } = require("undici");
  withSession();
  app.get("/login", (req, res) => {
    req.session.token = "a".repeat(64);
    res.end();
  });
  app.get("/calls", async (req, res) => {
    const headers = { authorization: `Bearer ${req.session.token}` };
    const { body } = await request(`${apiUrl}/v1/calls?per_page=50&page=${req.query.page}`, { headers });
    res.type("json");
    await pipeline(body, res);
  });
}

/** What Express, the session and so many bytes cost by themselves: nobody is asked. */
async function canned() {
  const { request } = require("undici");
  const headers = { authorization: `Bearer ${"a".repeat(64)}` };
  const { body } = await request(`${apiUrl}/v1/calls?per_page=50&page=1`, { headers });
  const bytes = Buffer.from(await body.arrayBuffer());
  withSession();
  app.get("/login", (req, res) => {
    req.session.token = "a".repeat(64);
    res.end();
  });
  app.get("/calls", (_req, res) => {
    res.setHeader("Content-Type", "application/json; charset=utf-8");
    res.setHeader("Content-Length", bytes.length);
    res.end(bytes);
  });
}

function passportAndAxios() {
  const axios = require("axios");
  const passport = require("passport");
  const OAuth2Strategy = require("passport-oauth2");
  withSession();
  app.use(passport.session());
  passport.use(
    new OAuth2Strategy(
      {
        authorizationURL: authorizeUrl,
        tokenURL: tokenUrl,
        clientID: client.id,
        clientSecret: client.secret,
        callbackURL: callbackUrl,
        state: true,
      },
      (accessToken, refreshToken, _profile, done) => done(null, { accessToken, refreshToken }),
    ),
  );
  passport.serializeUser((user, done) => done(null, user));
  passport.deserializeUser((user, done) => done(null, user));
  app.get("/login", passport.authenticate("oauth2"));
  app.get("/callback", passport.authenticate("oauth2"), (_req, res) => res.redirect("/"));
  app.get("/calls", async (req, res) => {
    const { data } = await axios.get(`${apiUrl}/v1/calls`, {
      params: { per_page: 50, page: req.query.page },
      headers: { Authorization: `Bearer ${req.user.accessToken}` },
    });
    res.json(data.calls);
  });
}

function openidAndFetch() {
  const { auth } = require("express-openid-connect");
  app.use(
    auth({
      issuerBaseURL: issuer,
      baseURL: origin,
      clientID: client.id,
      clientSecret: client.secret,
      secret,
      authRequired: false,
      authorizationParams: { response_type: "code", scope: "openid offline_access", prompt: "consent" },
    }),
  );
  app.get("/calls", async (req, res) => {
    let { accessToken } = req.oidc;
    if (accessToken.isExpired()) accessToken = await accessToken.refresh();
    const answer = await fetch(`${apiUrl}/v1/calls?per_page=50&page=${req.query.page}`, {
      headers: { Authorization: `${accessToken.token_type} ${accessToken.access_token}` },
    });
    res.json((await answer.json()).calls);
  });
}

async function simpleAndGot() {
  const { got } = await import("got");
  const { AuthorizationCode } = require("simple-oauth2");
  const { origin: tokenHost } = new URL(tokenUrl);
  const oauth = new AuthorizationCode({
    client,
    auth: { tokenHost, tokenPath: "/token", authorizePath: "/authorize" },
  });
  withSession();
  app.get("/login", (_req, res) => res.redirect(oauth.authorizeURL({ redirect_uri: callbackUrl, state: "a-state" })));
  app.get("/callback", async (req, res) => {
    req.session.token = (await oauth.getToken({ code: req.query.code, redirect_uri: callbackUrl })).token;
    res.redirect("/");
  });
  app.get("/calls", async (req, res) => {
    let accessToken = oauth.createToken(req.session.token);
    if (accessToken.expired()) {
      accessToken = await accessToken.refresh();
      req.session.token = accessToken.token;
    }
    const { calls } = await got(`${apiUrl}/v1/calls`, {
      searchParams: { per_page: 50, page: req.query.page },
      headers: { Authorization: `Bearer ${accessToken.token.access_token}` },
    }).json();
    res.json(calls);
  });
}
