// What OpenTelemetry adds to a call: the same calls without it, with nobody who collects, and with an SDK that does.
const { createServer } = require("node:http");
const { once } = require("node:events");
const { MeterProvider } = require("@opentelemetry/sdk-metrics");
const { BasicTracerProvider } = require("@opentelemetry/sdk-trace-base");
const { createAircallClient } = require("express-aircall");
const { AircallInstrumentation } = require("express-aircall/otel");
const { channel } = require("node:diagnostics_channel");
const { circumstances, median, round1 } = require("./child.cjs");

const rounds = Number(process.env.ROUNDS ?? 15);
const calls = 1_000;
const told = 20_000;
const nobody = new AircallInstrumentation({ enabled: false });
const collected = new AircallInstrumentation({
  enabled: false,
  tracerProvider: new BasicTracerProvider(),
  meterProvider: new MeterProvider(),
});
const rate = { "X-AircallApi-Limit": "1000000", "X-AircallApi-Remaining": "999999" };
const ways = { "without it": null, "with it, and no SDK": nobody, "with it and an SDK": collected };
const attempt = {
  ...{ request: "GET /v1/calls/:id", origin: "https://api.aircall.io", lane: "interactive", attempt: 1, status: 200 },
  ...{ code: null, outcome: null, remaining: 59, waitedMs: 0, durationMs: 80, retryInMs: null },
};

async function main() {
  const server = createServer((_req, res) => {
    res.writeHead(200, { "content-type": "application/json", ...rate }).end('{"ping":"pong"}');
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const apiUrl = `http://127.0.0.1:${server.address().port}`;
  const aircall = createAircallClient({ user: "an-id", password: "a-token", apiUrl });
  const seen = Object.fromEntries(Object.keys(ways).map((way) => [way, { calls: [], told: [] }]));

  for (let round = -3; round < rounds; round += 1) {
    for (const [way, instrumentation] of Object.entries(ways)) {
      instrumentation?.enable();
      const perCall = await cpuPer(calls, () => aircall.ping());
      const perEvent = await cpuPer(told, () => channel("express-aircall:attempt").publish(attempt));
      instrumentation?.disable();
      if (round < 0) continue;
      seen[way].calls.push(perCall);
      seen[way].told.push(perEvent);
    }
  }
  server.close();
  await aircall.close();
  print(seen);
}

/** Microseconds of CPU time. */
async function cpuPer(count, work) {
  const before = process.cpuUsage();
  for (let n = 0; n < count; n += 1) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

function print(seen) {
  console.log(`\nWhat OpenTelemetry adds, median of ${rounds} interleaved rounds, ${circumstances()}`);
  console.table(
    Object.fromEntries(
      Object.entries(seen).map(([way, { calls, told }]) => [
        way,
        { "µs CPU a call, answered at once": round1(median(calls)), "µs CPU for its span alone": round1(median(told)) },
      ]),
    ),
  );
  console.log("To reach: at most 3 µs a call beside what the SDK itself costs.");
}

void main();
