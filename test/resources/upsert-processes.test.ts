import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createSimulator, type Simulator } from "express-aircall/simulator";
import { describeWith } from "../support/programs";
import { startRedisServer, type RedisServer } from "../support/redis/redis-server";

const sources = join(__dirname, "../support/typescript-sources.cjs");

describeWith("redis-server", "contacts.upsertByPhone in four processes that share a Redis", () => {
  let redis: RedisServer;
  let simulator: Simulator;
  let children: ChildProcess[];

  beforeAll(async () => {
    redis = await startRedisServer();
    simulator = createSimulator({ searchLagSeconds: 3_600, rateLimit: 10_000 });
    await simulator.listen();
    const { apiId: user, apiToken: password } = simulator.companies[0];
    const settings = JSON.stringify({ apiUrl: simulator.url, user, password, redis: redis.url });
    // The first compiles the sources for the others.
    children = [await start(settings)];
    children.push(...(await Promise.all([1, 2, 3].map(() => start(settings)))));
  });
  afterAll(async () => {
    const ends = children.map((child) => once(child, "exit"));
    for (const child of children) child.kill();
    await Promise.all(ends);
    await simulator.close();
    await redis.close();
  });

  async function start(settings: string): Promise<ChildProcess> {
    const child = fork(join(__dirname, "upserter.cjs"), [settings], { execArgv: ["--require", sources] });
    await once(child, "message");
    return child;
  }

  async function upsert(child: ChildProcess, count: number, phone: string, fields = {}): Promise<unknown[]> {
    child.send({ phone, count, fields });
    const [ids] = (await once(child, "message")) as [unknown[]];
    return ids;
  }

  const withNumber = (phone: string) =>
    simulator.companies[0].contacts.filter(({ phone_numbers }) => phone_numbers.some(({ value }) => value === phone));

  it("makes one contact of a hundred calls at once, though the search finds it an hour later", async () => {
    const phone = "+33199001234";
    const asking = children.map((child) => upsert(child, 25, phone, { first_name: "Bo" }));
    const ids = (await Promise.all(asking)).flat();
    const [{ id } = { id: 0 }, ...others] = withNumber(phone);
    expect([ids.length, new Set(ids), others]).toEqual([100, new Set([id]), []]);
    expect(simulator.requests.filter(({ method }) => method === "POST")).toHaveLength(1);
  });

  it("makes one of processes that ask one after the other, with fields of their own", async () => {
    const phone = "+33199001235";
    for (const [index, child] of children.entries()) await upsert(child, 1, phone, { first_name: `Bo ${index}` });
    expect(withNumber(phone)).toMatchObject([{ first_name: "Bo 3" }]);
  });

  it("sends nothing while Redis does not answer", async () => {
    const before = simulator.requests.length;
    await redis.close();
    const [told] = await upsert(children[0]!, 1, "+33199001236");
    expect(told).toContain("StoreError");
    expect(simulator.requests).toHaveLength(before);
  });
});
