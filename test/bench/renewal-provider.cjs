// A token endpoint that takes its time and an API, both as bare as can be: `const provider = await startProvider(100)`.
const { randomBytes } = require("node:crypto");
const { once } = require("node:events");
const { createServer } = require("node:http");
const { text } = require("node:stream/consumers");
const { setTimeout: sleep } = require("node:timers/promises");
const { URLSearchParams } = require("node:url");

/** Each refresh token works once; a second time ends the grant. */
async function startProvider(tokenMs) {
  const byRefreshToken = new Map();
  const byAccessToken = new Map();
  let tokenRequests = 0;

  function issue(grant = { alive: true }) {
    const pair = { access: randomBytes(24).toString("hex"), refresh: randomBytes(24).toString("hex") };
    grant.current = pair.refresh;
    byAccessToken.set(pair.access, grant);
    byRefreshToken.set(pair.refresh, grant);
    return pair;
  }

  async function answerToken(req, res) {
    tokenRequests += 1;
    const spent = refreshTokenIn(await text(req));
    await sleep(tokenMs);
    const grant = byRefreshToken.get(spent);
    if (grant?.current !== spent) {
      if (grant) grant.alive = false;
      return answer(res, 400, { error: "invalid_grant" });
    }
    const { access, refresh } = issue(grant);
    answer(res, 200, { access_token: access, refresh_token: refresh, token_type: "Bearer", expires_in: 3_600 });
  }

  function answerApi(req, res) {
    const grant = byAccessToken.get(req.headers.authorization?.slice("Bearer ".length));
    answer(res, grant?.alive ? 200 : 403, grant?.alive ? { ping: "pong" } : { error: "Forbidden" });
  }

  const server = createServer((req, res) => void (req.url === "/token" ? answerToken : answerApi)(req, res));
  await once(server.listen(0, "127.0.0.1", 1_024), "listening");
  const apiUrl = `http://127.0.0.1:${server.address().port}`;

  return {
    urls: { apiUrl, authorizeUrl: `${apiUrl}/authorize`, tokenUrl: `${apiUrl}/token` },
    issue: () => issue(),
    takeTokenRequests() {
      const taken = tokenRequests;
      tokenRequests = 0;
      return taken;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Ours arrives as JSON, passport-oauth2's as a form. */
function refreshTokenIn(body) {
  return body.startsWith("{") ? JSON.parse(body).refresh_token : new URLSearchParams(body).get("refresh_token");
}

function answer(res, status, body) {
  res.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

module.exports = { startProvider };
