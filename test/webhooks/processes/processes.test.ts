import { setTimeout as sleep } from "node:timers/promises";
import { buildIfStale } from "../../support/build";
import { describeWith } from "../../support/programs";
import { rounds } from "../../support/promised";
import { startRedisGrants, type RedisGrants } from "../../support/redis/redis-grants";
import { delivery, token } from "../parse/deliveries";
import { Receivers, type ReceiverSettings } from "./receivers";

const ended = (id: number) => JSON.stringify(delivery({ data: { id, status: "done" } }));
const keyOf = (id: number) => `id:7/call.ended/${id}`;

describeWith("redis-server", "aircallWebhooks, in four processes with one Redis", () => {
  let redis: RedisGrants;
  let receivers: Receivers | undefined;

  beforeAll(async () => {
    await buildIfStale("library");
    redis = await startRedisGrants();
  }, 240_000);
  afterEach(async () => {
    await receivers?.close();
    await redis.inside.flushAll();
  });
  afterAll(() => redis?.close());

  async function startReceivers(settings: Partial<ReceiverSettings> = {}) {
    receivers = new Receivers({ redisUrl: redis.server.url, token, answer: "early", workMs: 100, ...settings });
    await receivers.start(4);
    return receivers;
  }

  /** Which processes began with an event, and which were done. */
  async function workOn(id: number) {
    const [begun, done] = await Promise.all([
      redis.inside.lRange(`begun:${keyOf(id)}`, 0, -1),
      redis.inside.lRange(`done:${keyOf(id)}`, 0, -1),
    ]);
    return { begun: begun.map(Number), done: done.map((text) => (JSON.parse(text) as { pid: number }).pid) };
  }

  it("handles once what comes a hundred times", async () => {
    const { send } = bound(await startReceivers());
    const statuses = await Promise.all(Array.from({ length: 100 }, () => send(ended(1))));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect((await workOn(1)).begun).toHaveLength(1);
  });

  it("refuses for now what another process is at, and handles it no second time", async () => {
    const { send } = bound(await startReceivers({ workMs: 6_000 }));
    const statuses = await Promise.all(Array.from({ length: 40 }, () => send(ended(2))));
    expect(new Set(statuses)).toEqual(new Set([200, 503]));
    await sleep(4_000);
    expect(await send(ended(2))).toBe(200);
    expect(await workOn(2)).toEqual({ begun: [expect.any(Number)], done: [expect.any(Number)] });
  }, 60_000);

  it("ends what it has begun when it is told to stop, and loses nothing", async () => {
    const all = await startReceivers();
    const ids = Array.from({ length: 200 }, (_, id) => id);
    const delivered = Promise.all(ids.map((id) => all.deliver(ended(id))));
    await sleep(50);
    expect(await all.terminate()).toBe(0);
    await delivered;
    const work = await Promise.all(ids.map(workOn));
    expect(work.filter(({ begun, done }) => begun.length !== 1 || done.length !== 1)).toEqual([]);
    expect(all.trouble).toEqual([]);
  }, 60_000);

  it.each(["early", "handled"] as const)(
    "loses nothing over kill -9 (%s), and does twice only what a killed one was at",
    async (answer) => {
      const all = await startReceivers({ answer });
      const [events, kills] = [rounds(100, 3_000), rounds(2, 25)];
      const ids = Array.from({ length: events }, (_, id) => id);
      const again = ids.filter((id) => id % 10 === 0);
      const killing = (async () => {
        for (let n = 0; n < kills; n++) {
          await sleep(300);
          await all.kill();
        }
      })();
      await inLanes(40, shuffled([...ids, ...again]), (id) => all.deliver(ended(id)));
      await killing;
      // What was accepted in its last moments is at work yet.
      await sleep(500);
      const work = await Promise.all(ids.map(workOn));
      expect(work.filter(({ done }) => done.length === 0)).toEqual([]);
      const livingWork = work.map(({ begun }) => begun.filter((pid) => !all.killed.has(pid)).length);
      expect(livingWork.filter((count) => count > 1)).toEqual([]);
      expect(all.killed.size).toBe(kills);
      expect(all.trouble).toEqual([]);
    },
    rounds(120_000, 900_000),
  );
});

function bound(receivers: Receivers) {
  return { send: (body: string) => receivers.send(body) };
}

async function inLanes(count: number, items: readonly number[], work: (item: number) => Promise<void>): Promise<void> {
  const left = [...items];
  const lane = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: count }, lane));
}

function shuffled(items: readonly number[]): number[] {
  return items
    .map((item) => ({ item, key: Math.random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
