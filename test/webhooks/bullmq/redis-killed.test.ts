import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { QueueEngine } from "../../../src/webhooks/event-queue";
import { describeWith } from "../../support/programs";
import { rounds } from "../../support/promised";
import { freePort, startRedisServer, type RedisServer } from "../../support/redis/redis-server";
import { atEnd, eventOf, type Family, startQueue, until } from "./queued";

jest.setTimeout(rounds(120_000, 600_000));

describeWith("redis-server", "a Redis with an append-only file, synchronized every second, that is killed", () => {
  it.each<Family>(["node-redis", "ioredis"])("loses nothing that it took, with %s", async (family) => {
    const redis = await startDurableRedis();
    const done = new Map<string, number>();
    const handle = async ({ id }: { id: string }) => {
      await pause(10);
      done.set(id, (done.get(id) ?? 0) + 1);
    };
    const { engine, inProcess } = await startQueue({ family, url: redis.url, handle });

    const accepted: string[] = [];
    for (let kill = 0; kill < rounds(1, 10); kill += 1) {
      let back: Promise<void> | undefined;
      for (let n = 0; n < 100; n += 1) {
        if (n === 30) back = redis.killAndStart();
        const event = eventOf(kill * 100 + n);
        if ((await engine.take(event)) === "accepted") accepted.push(event.id);
      }
      await back;
    }
    expect(accepted.length).toBeGreaterThanOrEqual(30);
    const isDone = (id: string) => done.has(id) || inProcess.includes(id);
    await until(() => accepted.every(isDone));
    await until(async () => (await engine.stats()).running === 0);
  });
});

describeWith("redis-server", "a Redis that is killed before it has written what it took", () => {
  it.each<Family>(["node-redis", "ioredis"])("is given it again once it is back, with %s", async (family) => {
    const redis = await startDurableRedis("no");
    const { engine } = await startQueue({ family, url: redis.url, concurrency: 0 });
    const events = Array.from({ length: 20 }, (_, call) => eventOf(call));
    for (const event of events) expect(await engine.take(event)).toBe("accepted");
    await redis.killAndStart();
    await until(async () => (await waiting(engine)) === events.length);
    for (const event of events) expect(await engine.take(event)).toBe("accepted");
    expect(await waiting(engine)).toBe(events.length);
  });

  it("is given the events of its last seconds only", async () => {
    const redis = await startDurableRedis("no");
    const { engine } = await startQueue({ url: redis.url, concurrency: 0 });
    await engine.take(eventOf(1));
    jest.spyOn(performance, "now").mockReturnValue(performance.now() + 5_001);
    await engine.take(eventOf(2));
    jest.restoreAllMocks();
    await redis.killAndStart();
    await until(async () => (await waiting(engine)) > 0);
    await pause(100);
    expect(await waiting(engine)).toBe(1);
  });
});

/** 0 while Redis is away. */
async function waiting(engine: QueueEngine): Promise<number> {
  return engine.stats().then(
    (stats) => stats.waiting,
    () => 0,
  );
}

/** It comes back at the same port, with what its file holds. */
async function startDurableRedis(appendonly: "yes" | "no" = "yes") {
  const directory = mkdtempSync(join(tmpdir(), "express-aircall-durable-"));
  const port = await freePort();
  const settings = ["--dir", directory, "--appendonly", appendonly, "--appendfsync", "everysec"];
  const start = () => startRedisServer({ settings, findPort: () => port });
  let server: RedisServer = await start();
  atEnd(async () => {
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  });

  return {
    url: server.url,
    async killAndStart() {
      process.kill(server.pid, "SIGKILL");
      await server.close();
      server = await start();
    },
  };
}
