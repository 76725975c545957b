// CPU time of one small request, `GET /v1/calls/:id` on kept connections, by our client and by others.
const { circumstances, median, ratio, round1, startChild } = require("./child.cjs");

const rounds = Number(process.env.ROUNDS ?? 9);
/** V8 has compiled by then what runs often; a server runs for days. */
const roundsToWarmUp = 4;
const requests = 3_000;
const peers = {
  ours: "express-aircall",
  undici: "undici.request + JSON",
  fetch: "global fetch",
  got: "got",
  axios: "axios",
};

async function main() {
  const provider = await startChild("provider.cjs", {});
  const children = await Promise.all(
    Object.keys(peers).map((peer) => startChild("client-peer.cjs", { peer, apiUrl: provider.apiUrl })),
  );
  const cpu = Object.fromEntries(children.map(({ peer }) => [peer, []]));
  for (let round = -roundsToWarmUp; round < rounds; round += 1) {
    for (const { peer, ask } of children) {
      const seen = await ask({ requests });
      if (round >= 0) cpu[peer].push(seen.cpu / requests);
    }
  }
  for (const { stop } of [provider, ...children]) stop();

  console.log(
    `\nCPU per small request, median of ${rounds} interleaved rounds of ${requests} requests, ${circumstances()}`,
  );
  console.table(
    Object.fromEntries(
      Object.entries(peers).map(([peer, name]) => [
        name,
        { "µs a request": round1(median(cpu[peer])), "over ours": ratio(cpu[peer], cpu.ours) },
      ]),
    ),
  );
  console.log(
    `Ours takes ${ratio(cpu.ours, cpu.undici)} of undici.request (to reach: at most 1.05); ` +
      `axios takes ${ratio(cpu.axios, cpu.ours)} of ours (to reach: at least 3).`,
  );
}

void main();
