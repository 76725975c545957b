import { describeWith } from "../support/programs";
import { startRedisServer, type RedisServer } from "../support/redis/redis-server";
import { type Sender, startSender } from "./senders";
import { startWindowServer, type WindowServer } from "./window-server";
import { promised, rounds } from "../support/promised";

const limit = 60;
const windowMs = 5_000;

describeWith("redis-server", "four processes with 200 requests, 60 per window", () => {
  let redis: RedisServer;
  let server: WindowServer;
  let senders: Sender[] = [];

  afterEach(async () => {
    await Promise.all(senders.splice(0).map((sender) => sender.close()));
    await server.close();
    await redis.close();
  });

  async function open(begins: "first" | "clock", { limited = true, windowMs = 5_000 } = {}): Promise<void> {
    redis = await startRedisServer();
    server = await startWindowServer({ limit, windowMs, begins });
    const settings = { url: server.url, redis: redis.url, windowMs, limited };
    senders = await Promise.all([1, 2, 3, 4].map(() => startSender(settings)));
  }

  /** 45 of a walk in each, and in one of them 20 for which somebody waits. */
  async function send() {
    const [walks, clicks] = await Promise.all([
      Promise.all(senders.map((sender) => sender.run({ lane: "bulk", count: 45, atOnce: 10 }))),
      senders[0]!.run({ lane: "interactive", count: 20, atOnce: 1, everyMs: windowMs / 10 }),
    ]);
    const all = [...walks.flat(), ...clicks];
    const slowestClickMs = Math.max(...clicks.map(({ tookMs }) => tookMs));
    return { errors: all.filter(({ error }) => error), sent: all.length, slowestClickMs };
  }

  it("are all served, with hardly a 429, at once where somebody waits, and no window is wasted", async () => {
    await open("first");
    const { errors, sent, slowestClickMs } = await send();

    expect([errors, sent]).toEqual([[], 200]);
    expect(server.refused).toBeLessThanOrEqual(10);
    expect(slowestClickMs).toBeLessThanOrEqual(promised(1_000));
    // What a busy machine could not send in its window is no waste of ours.
    for (const served of server.served.slice(0, 3)) expect(served).toBeGreaterThanOrEqual(rounds(0.25, 0.95) * limit);
    expect(senders.flatMap(({ trouble }) => trouble)).toEqual([]);
  });

  it("are answered 429 again and again without a budget", async () => {
    await open("first", { limited: false, windowMs: 1_000 });
    await Promise.all(senders.map((sender) => sender.run({ lane: "bulk", count: 45, atOnce: 45 })));

    expect(server.refused).toBeGreaterThan(40);
  });

  it("find the windows of a server that goes by its clock", async () => {
    await open("clock");
    const { errors, slowestClickMs } = await send();

    expect(errors).toEqual([]);
    expect(server.refused).toBeLessThanOrEqual(10);
    expect(slowestClickMs).toBeLessThanOrEqual(promised(1_000));
  });

  it("lose nothing when Redis dies on the way", async () => {
    await open("first");
    const sending = send();
    await new Promise((resolve) => setTimeout(resolve, windowMs));
    await redis.close();
    const { errors, sent } = await sending;

    expect([errors, sent]).toEqual([[], 200]);
    // Each had learned its part of the window; together they may overdraw it a little.
    expect(server.refused).toBeLessThanOrEqual(30);
    expect(senders.flatMap(({ trouble }) => trouble)).toEqual([]);
  });
});
