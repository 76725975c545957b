// Starts the peer before a server that it can talk to, and signs in there as a browser would.
const { fork } = require("node:child_process");
const { once } = require("node:events");
const { join } = require("node:path");
const { setTimeout: sleep } = require("node:timers/promises");
const { Pool, request } = require("undici");

const accessTokenSeconds = 2;
/** Where browsers believe the peer to be, whichever process answers. */
const host = "127.0.0.1:7999";
const silent = { stdio: ["ignore", "ignore", "ignore", "ipc"] };

async function startPeer({ processes, redisUrl, apiUrl, tokenMs, connections }) {
  const settings = { tokenMs, accessTokenSeconds, redirectUri: `http://${host}/callback` };
  const provider = fork(join(__dirname, "renewal-peer-provider.mjs"), [JSON.stringify(settings)], silent);
  const [{ issuer }] = await once(provider, "message");
  const servers = await Promise.all(
    Array.from({ length: processes }, async () => {
      const options = { redisUrl, issuer, apiUrl, baseUrl: `http://${host}` };
      const child = fork(join(__dirname, "renewal-peer.cjs"), [JSON.stringify(options)]);
      const [{ port }] = await once(child, "message");
      const origin = `http://127.0.0.1:${port}`;
      return { child, origin, pool: new Pool(origin, { connections }) };
    }),
  );

  async function renewals() {
    provider.send("renewals");
    return (await once(provider, "message"))[0].renewals;
  }

  return {
    servers,
    host,
    takeTokenRequests: renewals,
    async signIn(expired) {
      const cookie = await signIn(servers[0].origin);
      if (expired) await sleep(accessTokenSeconds * 1_000 + 200);
      return cookie;
    },
    stop: () => provider.kill(),
  };
}

/** Follows redirects between the app and the server until back at the app's start page; answers its cookie. */
async function signIn(origin) {
  const jars = { app: new Map(), server: new Map() };
  for (let url = new URL(`http://${host}/login`); url.pathname !== "/";) {
    const jar = url.host === host ? jars.app : jars.server;
    const target = url.host === host ? origin + url.pathname + url.search : url;
    const { headers, body } = await request(target, { headers: { host: url.host, cookie: textOf(jar) } });
    await body.dump();
    for (const line of [headers["set-cookie"] ?? []].flat()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (value) jar.set(name, value);
      else jar.delete(name);
    }
    url = new URL(headers.location, url);
  }
  return textOf(jars.app);
}

function textOf(jar) {
  return [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
}

module.exports = { startPeer };
