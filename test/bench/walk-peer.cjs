// A walk over all calls, in a process of its own: `node walk-peer.cjs '{"peer":"ours",…}'`. Every message starts one.
const { performance } = require("node:perf_hooks");
const { Agent, request } = require("undici");
const { createAircallClient } = require("express-aircall");

const { peer, apiUrl } = JSON.parse(process.argv[2]);
const [user, password] = ["an-api-id", "a-token-of-the-bench"];
const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

const peers = {
  ours() {
    const client = createAircallClient({ authScheme: "Basic", user, password, apiUrl });
    return () => client.calls.iterate();
  },
  loop() {
    const dispatcher = new Agent();
    return async function* followLinks() {
      for (let url = `${apiUrl}/v1/calls?per_page=50`; url;) {
        const { body } = await request(url, { dispatcher, headers: { authorization } });
        const { calls, meta } = await body.json();
        yield* calls;
        url = meta.next_page_link;
      }
    };
  },
};

const walk = peers[peer]();
process.on("message", async () => {
  const ids = new Set();
  const [cpuBefore, startedAt] = [process.cpuUsage(), performance.now()];
  for await (const { id } of walk()) ids.add(id);
  const ms = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuBefore);
  process.send({ ms, cpuMs: (user + system) / 1_000, calls: ids.size });
});
process.on("disconnect", () => process.exit());
process.send({ peer });
