// 10,000 calls on 200 pages, each 50 ms away and with budget to spare: our iteration beside a loop that follows links.
const { circumstances, median, ratio, startChild } = require("./child.cjs");

const rounds = Number(process.env.ROUNDS ?? 3);
const latencyMs = 50;
const calls = 10_000;
const peers = { ours: "calls.iterate()", loop: "a loop that follows next_page_link" };

async function main() {
  const provider = await startChild("provider.cjs", { latencyMs });
  const { apiUrl } = provider;
  const walkers = await Promise.all(Object.keys(peers).map((peer) => startChild("walk-peer.cjs", { peer, apiUrl })));
  const seen = Object.fromEntries(walkers.map(({ peer }) => [peer, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { peer, ask } of walkers) {
      const walk = await ask("walk");
      if (walk.calls !== calls) throw new Error(`${peer} brought ${walk.calls} different calls.`);
      seen[peer].push(walk);
    }
  }
  for (const { stop } of [provider, ...walkers]) stop();

  const of = (peer, figure) => seen[peer].map((walk) => walk[figure]);
  console.log(`\n200 pages, each ${latencyMs} ms away, median of ${rounds} rounds, ${circumstances()}`);
  console.table(
    Object.fromEntries(
      Object.entries(peers).map(([peer, name]) => [
        name,
        {
          seconds: Math.round(median(of(peer, "ms")) / 100) / 10,
          "of the loop's time": ratio(of(peer, "ms"), of("loop", "ms")),
          "CPU ms": Math.round(median(of(peer, "cpuMs"))),
        },
      ]),
    ),
  );
  console.log("To reach: at most 0.15 of the loop's time.");
}

void main();
