// Aircall as bare as can be, in a process of its own, so that what is measured is the client: sign-in without questions,
// and 10,000 calls that look like the simulator's. `node provider.cjs '{"latencyMs":50}'`; it tells its URLs.
const { createServer } = require("node:http");
const { URL } = require("node:url");
const { createSimulator } = require("express-aircall/simulator");

const { latencyMs = 0 } = JSON.parse(process.argv[2]);
const firstId = 3_000_000_000;
const firstStartedAt = 1_790_000_000;
const secondsBetween = 60;
const count = 10_000;
const rate = { "X-AircallApi-Limit": "1000000", "X-AircallApi-Remaining": "999999" };

const rest = {
  "/token": () => ({ access_token: "a".repeat(64), token_type: "Bearer", expires_in: 86_400 }),
  "/v1/ping": () => ({ ping: "pong" }),
  "/v1/company": () => ({ company: { name: "Acme", users_count: 8, numbers_count: 3 } }),
  "/v1/integrations/me": () => ({ integration: { id: 1, company_id: 7, active: true } }),
};

process.on("disconnect", () => process.exit());
void main();

async function main() {
  const samples = await readSamples();
  const printed = Array.from({ length: count }, (_, n) => print(samples[n % samples.length], n));
  const server = createServer((req, res) => setAside(() => answer(req, res, printed)));
  server.listen(0, "127.0.0.1", 1_024, () => {
    const url = `http://127.0.0.1:${server.address().port}`;
    process.send({ apiUrl: url, authorizeUrl: `${url}/authorize`, tokenUrl: `${url}/token` });
  });
}

function setAside(work) {
  if (latencyMs > 0) setTimeout(work, latencyMs);
  else work();
}

function answer(req, res, printed) {
  const { origin, pathname, searchParams } = new URL(req.url, `http://${req.headers.host}`);
  if (pathname === "/authorize") return sendBack(res, searchParams);
  if (pathname === "/v1/calls") return send(res, printPage(printed, searchParams, `${origin}/v1/calls`));
  if (rest[pathname]) return send(res, JSON.stringify(rest[pathname]()));
  const call = printed[Number(pathname.slice("/v1/calls/".length)) - firstId];
  send(res, call ? `{"call":${call}}` : '{"error":"Not Found"}', call ? 200 : 404);
}

function sendBack(res, authorization) {
  const callback = new URL(authorization.get("redirect_uri"));
  callback.searchParams.set("code", "a-code");
  callback.searchParams.set("state", authorization.get("state"));
  res.writeHead(302, { location: callback.href }).end();
}

function printPage(printed, query, address) {
  const number = (name, fallback) => Number(query.get(name) ?? fallback);
  const [page, perPage] = [number("page", 1), number("per_page", 20)];
  // The calls are a minute apart, so a window of time is a range of positions.
  const from = Math.max(0, Math.ceil((number("from", 0) - firstStartedAt) / secondsBetween));
  const to = Math.min(count, Math.floor((number("to", Infinity) - firstStartedAt) / secondsBetween) + 1);
  const total = Math.max(0, to - from);
  const skipped = Math.min((page - 1) * perPage, total);
  const taken = Math.min(perPage, total - skipped);
  const start = query.get("order") === "desc" ? to - skipped - taken : from + skipped;
  const items = printed.slice(start, start + taken);
  if (query.get("order") === "desc") items.reverse();
  const link = (other) => `${address}?${withPage(query, other)}`;
  const meta = {
    count: taken,
    total,
    current_page: page,
    per_page: perPage,
    next_page_link: skipped + taken < total ? link(page + 1) : null,
    previous_page_link: page > 1 ? link(page - 1) : null,
  };
  return `{"meta":${JSON.stringify(meta)},"calls":[${items}]}`;
}

function withPage(query, page) {
  const other = new URL(`http://x/?${query}`).searchParams;
  other.set("page", page);
  return other;
}

function send(res, text, status = 200) {
  const reset = Math.ceil(Date.now() / 60_000) * 60;
  const length = Buffer.byteLength(text);
  const head = { "content-type": "application/json; charset=utf-8", "content-length": length, ...rate };
  res.writeHead(status, { ...head, "X-AircallApi-Reset": reset }).end(text);
}

function print(call, n) {
  const startedAt = firstStartedAt + n * secondsBetween;
  const answeredAt = call.answered_at && startedAt + call.answered_at - call.started_at;
  const endedAt = startedAt + call.duration;
  return JSON.stringify({
    ...call,
    id: firstId + n,
    started_at: startedAt,
    answered_at: answeredAt,
    ended_at: endedAt,
  });
}

async function readSamples() {
  const simulator = createSimulator({ kind: true, now: () => Date.UTC(2026, 10, 20, 15), rateLimit: 1_000 });
  await simulator.listen();
  const { apiUrl, user, password } = simulator.basic;
  const headers = { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
  const calls = [];
  for (let page = 1; page <= 8; page += 1) {
    const answer = await fetch(`${apiUrl}/v1/calls?per_page=50&fetch_contact=true&page=${page}`, { headers });
    calls.push(...(await answer.json()).calls);
  }
  await simulator.close();
  return calls;
}
