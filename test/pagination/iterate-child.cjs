// Walks over all calls of the API at argv[2] and says how many different ones it saw and how far the heap grew.
// Run with --expose-gc. Ends by itself when nothing is left running; with a second argument it leaves the loop there.
const { readFileSync } = require("node:fs");
const ts = require("typescript");

require.extensions[".ts"] = (module, file) => {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023 };
  module._compile(ts.transpileModule(readFileSync(file, "utf8"), { compilerOptions }).outputText, file);
};
const { createAircallClient } = require("../../src/client/client.ts");

async function main([apiUrl, leaveAfter = Infinity]) {
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
  process.send({ count, twice, missing: seen.subarray(1, 25_001).indexOf(0), grownBytes: peakBytes - startBytes });
  process.disconnect();
}

void main(process.argv.slice(2));
