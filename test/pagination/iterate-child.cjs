// Walks over all calls of an API and says how many different ones it saw, of how many, and how far the heap grew:
// `node --expose-gc iterate-child.cjs '{"apiUrl":…,"calls":…}'`. Ends by itself when nothing is left running; with
// `leaveAfter` it leaves the loop there.
const { createAircallClient } = require("../../src/client/client.ts");

async function main({ apiUrl, calls, leaveAfter = Infinity }) {
  const aircall = createAircallClient({ apiUrl, user: "id", password: "token", authScheme: "Basic" });
  const seen = new Uint8Array(100_000);
  const heapBytes = () => (globalThis.gc(), process.memoryUsage().heapUsed);
  await aircall.ping();
  const startBytes = heapBytes();
  let count = 0;
  let twice = 0;
  let peakBytes = 0;

  for await (const { id } of aircall.calls.iterate()) {
    twice += seen[id];
    seen[id] = 1;
    count += 1;
    if (count % 250 === 0) peakBytes = Math.max(peakBytes, heapBytes());
    if (count >= leaveAfter) break;
  }
  process.send({ count, twice, missing: seen.subarray(1, calls + 1).indexOf(0), grownBytes: peakBytes - startBytes });
  process.disconnect();
}

void main(JSON.parse(process.argv[2]));
