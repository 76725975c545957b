// What a visitor gets where something is not as it should be, of apps as the documentation of each has them written:
// five tabs that sign in at once, a 429, a 503, a list that comes without its items, a permission that was taken back.
// `node test/bench/beside.cjs`; counts and statuses, so that a busy machine changes nothing.
const { once } = require("node:events");
const { createServer } = require("node:http");
const { URL } = require("node:url");
const { request } = require("undici");
const { freePort, startChild } = require("./child.cjs");

const peers = {
  ours: "express-aircall",
  passport: "passport-oauth2 + axios",
  oidc: "express-openid-connect + fetch",
  simple: "simple-oauth2 + got",
};
const tabs = 5;
/** What the next request for calls is answered. */
let fault = null;

const faults = {
  "429, reset in a second": () => [429, { error: "Too Many Requests" }, { "X-AircallApi-Reset": inASecond() }],
  "503, once": () => [503, { error: "Service Unavailable" }],
  "a list without its items": () => [200, {}],
};

async function main() {
  const api = await startApi();
  console.log(["", ...Object.values(peers)].join(" | "));
  const rows = new Map();
  for (const peer of Object.keys(peers)) {
    const app = await startApp(peer, api.url);
    const note = (what, seen) => rows.set(what, [...(rows.get(what) ?? []), seen]);
    note(`of ${tabs} tabs that sign in at once are signed in`, await signInTabs(app.origin));
    const jar = new Map();
    await follow(new URL("/login", app.origin), jar);
    for (const [what, make] of Object.entries(faults)) note(what, await readCalls(app.origin, jar, make));
    app.stop();
  }
  for (const [what, seen] of rows) console.log([what, ...seen].join(" | "));
  api.close();
}

async function startApp(peer, url) {
  const port = await freePort();
  const settings = { tokenMs: 0, accessTokenSeconds: 3_600, redirectUri: `http://127.0.0.1:${port}/callback` };
  const quiet = { stdio: ["ignore", "ignore", "ignore", "ipc"] };
  const issuer = peer === "oidc" ? await startChild("renewal-peer-provider.mjs", settings, quiet) : null;
  const provider = { apiUrl: url, authorizeUrl: `${url}/authorize`, tokenUrl: `${url}/token` };
  const app = await startChild("route-app.cjs", { peer, port, provider, issuer: issuer?.issuer }, quiet);
  return { origin: app.origin, stop: () => [app, issuer].forEach((child) => child?.stop()) };
}

/** All begin, then all come back, in one browser. */
async function signInTabs(origin) {
  const jar = new Map();
  const begun = [];
  for (let tab = 0; tab < tabs; tab += 1) begun.push(await leave(new URL("/login", origin), jar));
  let signedIn = 0;
  for (const address of begun) {
    const { statusCode } = await follow(address, jar);
    if (statusCode < 400 || statusCode === 404) signedIn += 1; // the app has no page at "/"
  }
  return signedIn;
}

async function readCalls(origin, jar, make) {
  fault = make;
  const { statusCode, body } = await visit(new URL("/calls?page=1", origin), jar);
  const text = await body.text();
  fault = null;
  return statusCode === 200 && text.length < 10 ? `200, and nothing` : String(statusCode);
}

/** Where the app sends the browser, away from itself. */
async function leave(address, jar) {
  for (let url = address; ;) {
    const { headers, body } = await visit(url, jar);
    await body.dump();
    const next = new URL(headers.location, url);
    if (next.host !== address.host) return next;
    url = next;
  }
}

async function follow(address, jar) {
  for (let url = address; ;) {
    const answer = await visit(url, jar);
    await answer.body.dump();
    if (!answer.headers.location) return answer;
    url = new URL(answer.headers.location, url);
  }
}

/** Ports share their cookies, as in a browser. */
async function visit(url, jar) {
  const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
  const answer = await request(url, { headers: { accept: "text/html", cookie } });
  for (const line of [answer.headers["set-cookie"] ?? []].flat()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
    if (value) jar.set(name, value);
    else jar.delete(name);
  }
  return answer;
}

const rest = {
  "/token": { access_token: "a".repeat(64), token_type: "Bearer" },
  "/v1/ping": { ping: "pong" },
  "/v1/company": { company: { name: "Acme" } },
  "/v1/integrations/me": { integration: { id: 1, company_id: 7, active: true } },
};
const calls = Array.from({ length: 50 }, (_, id) => ({ id, direction: "inbound" }));

/** Aircall as far as these apps ask for it; consents to whatever is asked. */
async function startApi() {
  const server = createServer((req, res) => {
    const { pathname, searchParams } = new URL(req.url, "http://api");
    if (pathname === "/authorize") {
      const { redirect_uri, state } = Object.fromEntries(searchParams);
      return res.writeHead(302, { location: `${redirect_uri}?code=a-code&state=${state}` }).end();
    }
    const [status, body, headers] = pathname === "/v1/calls" ? answerCalls() : [200, rest[pathname] ?? {}];
    res.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

function answerCalls() {
  const make = fault ?? (() => [200, { meta: { total: 50, count: 50, current_page: 1, per_page: 50 }, calls }]);
  fault = null;
  return make();
}

function inASecond() {
  return String(Math.floor(Date.now() / 1000) + 1);
}

void main();
