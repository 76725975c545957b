// One client in a process of its own, so that its CPU time can be read: `node client-peer.cjs '{"peer":"ours",…}'`.
const { Agent, request } = require("undici");
const { createAircallClient } = require("express-aircall");
const { inLanes } = require("./child.cjs");

const { peer, apiUrl } = JSON.parse(process.argv[2]);
const [user, password] = ["an-api-id", "a-token-of-the-bench"];
const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
const headers = { authorization, accept: "application/json" };
const firstId = 3_000_000_000;
const lanes = 8;

/** Each reads one call; all keep their connections. */
const peers = {
  ours() {
    const client = createAircallClient({ authScheme: "Basic", user, password, apiUrl });
    return (id) => client.calls.get(id);
  },
  undici() {
    const dispatcher = new Agent();
    return async (id) => {
      const { statusCode, body } = await request(`${apiUrl}/v1/calls/${id}`, { dispatcher, headers });
      if (statusCode !== 200) throw new Error(`${statusCode}`);
      return (await body.json()).call;
    };
  },
  axios() {
    const client = require("axios").create({ baseURL: apiUrl, headers, timeout: 30_000 });
    return async (id) => (await client.get(`/v1/calls/${id}`)).data.call;
  },
  async got() {
    const { got } = await import("got");
    const client = got.extend({ prefixUrl: apiUrl, headers, timeout: { request: 30_000 } });
    return async (id) => (await client.get(`v1/calls/${id}`).json()).call;
  },
  fetch() {
    return async (id) => {
      const answer = await fetch(`${apiUrl}/v1/calls/${id}`, { headers, signal: AbortSignal.timeout(30_000) });
      if (!answer.ok) throw new Error(`${answer.status}`);
      return (await answer.json()).call;
    };
  },
};

void main();

async function main() {
  const get = await peers[peer]();
  // Every request of a round asks for another call: clients that share answers have nothing to share.
  process.on("message", async ({ requests }) => {
    const before = process.cpuUsage();
    await inLanes(lanes, requests, async (n) => {
      const id = firstId + n;
      if ((await get(id)).id !== id) throw new Error(`${peer} answered another call.`);
    });
    const { user, system } = process.cpuUsage(before);
    process.send({ cpu: user + system });
  });
  process.on("disconnect", () => process.exit());
  process.send({ peer });
}
