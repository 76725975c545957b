/** A process that sends requests as its budget allows, and tells its parent how it went. */
const { performance } = require("node:perf_hooks");
const { setTimeout: pause } = require("node:timers/promises");
const { createClient } = require("redis");
const { createBudgets } = require("../../src/budget/budget.ts");
const { createSharedWindow } = require("../../src/budget/shared-window.ts");
const { createApi } = require("../../src/client/api.ts");
const { route } = require("../../src/http/route.ts");
const { createTransport } = require("../../src/http/transport/choose.ts");

const { url, redis, windowMs, limited } = JSON.parse(process.argv[2]);
process.on("unhandledRejection", (reason) => process.send({ trouble: `unhandled rejection: ${reason}` }));
process.on("warning", (warning) => process.send({ trouble: `warning: ${warning.message}` }));

const tokens = {
  owner: async () => ({ grant: "grant:1", budget: "company:1" }),
  credential: async () => ({ authorization: "Bearer token", secret: "token" }),
  refused: async () => "permission",
};

async function openBudgets() {
  if (!limited) return undefined;
  if (redis === null) return createBudgets({ windowMs });
  const client = createClient({ url: redis }).on("error", () => undefined);
  const counter = createSharedWindow(await client.connect());
  return createBudgets({ windowMs, counter: () => counter });
}

async function main() {
  const transport = createTransport(null);
  const http = createApi({ apiUrl: url, timeoutMs: 600_000, transport, tokens, limiter: await openBudgets() });

  let sent = 0;
  async function request(lane) {
    const startedAt = performance.now();
    // Each its own, for those that are the same are sent as one.
    const error = await http.send(route`GET /v1/calls`, null, { lane }, { page: (sent += 1) }).then(
      () => null,
      (failure) => failure.code ?? String(failure),
    );
    return { tookMs: performance.now() - startedAt, error };
  }

  /** So many requests, so many at a time. */
  async function run({ lane, count, atOnce, everyMs = 0 }) {
    const results = [];
    const work = async () => {
      while (count-- > 0) {
        results.push(await request(lane));
        if (everyMs) await pause(everyMs);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    return results;
  }

  process.on("message", async ({ id, job }) => process.send({ id, results: await run(job) }));
  process.send({ ready: true });
}

void main();
