import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { aircallWebhooks, memoryGrants } from "express-aircall";
import { createSimulator, type Simulator } from "express-aircall/simulator";
import { describeWith } from "../../support/programs";
import { rounds } from "../../support/promised";
import { startRedisGrants } from "../../support/redis/redis-grants";
import { startSimulator } from "../../support/servers/simulated";
import { companiesAuth, withEnd } from "../receiving";
import { grantOf, until, webhooksOf } from "./subscribed";

const noop = () => undefined;
const url = "http://127.0.0.1:9/aircall/events";

/** So many companies behind one address, each with its own rate limit; told apart by their tokens. */
async function startCompanies(count: number) {
  const byToken = new Map<string, RequestListener>();
  const simulators: Simulator[] = [];
  const statuses: number[] = [];
  const server = createServer((req, res) => {
    res.on("finish", () => statuses.push(res.statusCode));
    byToken.get(req.headers.authorization ?? "")?.(req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  withEnd({ close: () => Promise.resolve(void (server.closeAllConnections(), server.close())) });
  const grants = memoryGrants();
  for (let n = 1; n <= count; n += 1) {
    const simulator = createSimulator({ calls: 0, contacts: 0, seed: n });
    simulators.push(simulator);
    const grant = grantOf(simulator, simulator.companies[0].id, n);
    byToken.set(`Bearer ${grant.accessToken}`, simulator.handler);
    await grants.create(grant, 3_600_000);
  }
  withEnd({ close: async () => void (await Promise.all(simulators.map((one) => one.close()))) });
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { simulators, statuses, grants, apiUrl };
}

describe("events.check(), of many companies", () => {
  const count = rounds(20, 500);

  it("repairs each with two requests at most, and meets no rate limit", async () => {
    const { simulators, statuses, grants, apiUrl } = await startCompanies(count);
    const { auth } = companiesAuth(grants, apiUrl);
    const old = withEnd(aircallWebhooks({ auth, url, on: { "call.ended": noop } }));
    const have = (events: number) => simulators.every((one) => webhooksOf(one)[0]?.events.length === events);
    await until(() => have(2));
    await old.check();
    await old.close();
    simulators.forEach((simulator) => simulator.clearRequests());
    statuses.length = 0;
    const now = withEnd(aircallWebhooks({ auth, url, on: { "call.ended": noop, "call.created": noop } }));
    const events = ["call.ended", "call.created", "integration.deleted"];
    await until(() => have(events.length));
    expect(simulators.map((one) => webhooksOf(one).map((webhook) => webhook.events))).toEqual(
      Array(count).fill([events]),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    const asked = simulators.map(({ requests }) => requests.map(({ method, path }) => `${method} ${path}`));
    expect(asked.filter((requests) => requests.length > 2)).toEqual([]);
    await now.close();
  }, 120_000);
});

describeWith("redis-server", "events.subscribe(), raced by four processes over one Redis", () => {
  let redis: Awaited<ReturnType<typeof startRedisGrants>>;
  beforeAll(async () => (redis = await startRedisGrants()));
  afterAll(() => redis.close());

  it("makes one webhook", async () => {
    for (let round = 0; round < rounds(3, 20); round += 1) {
      await redis.inside.flushAll();
      const simulator = await startSimulator({ calls: 0, contacts: 0, rateLimit: 10_000 });
      const { id } = simulator.companies[0];
      const stores = await Promise.all([1, 2, 3, 4].map(() => redis.grants()));
      await stores[0]!.create(grantOf(simulator, id), 3_600_000);
      const receivers = stores.map((grants) => {
        const { auth } = companiesAuth(grants, simulator.basic.apiUrl);
        return withEnd(aircallWebhooks({ auth, url, on: { "call.ended": noop } }));
      });
      await Promise.all(receivers.map((events) => events.subscribe(id)));
      expect(webhooksOf(simulator).map((webhook) => webhook.url)).toEqual([url]);
      await Promise.all(receivers.map((events) => events.close()));
    }
  }, 60_000);
});
