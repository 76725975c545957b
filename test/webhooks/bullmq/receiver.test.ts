import type { UnnamedEvent } from "express-aircall";
import { bullQueue } from "express-aircall/bullmq";
import { delivery, endedCall } from "../parse/deliveries";
import { startReceiving } from "../receiving";
import { families, newName, redisOfFile, until } from "./queued";

describe("aircallWebhooks({ queue })", () => {
  it("answers once the event is kept, and hands it on in whatever process works", async () => {
    const { url } = await redisOfFile();
    const name = newName();
    const handled: UnnamedEvent[] = [];
    const hooks = async () => ({ queue: bullQueue({ connection: await families.ioredis(url), name }) });
    const front = await startReceiving({ ...(await hooks()), worker: false, onAny: () => undefined });
    expect(await front.send(delivery())).toBe(200);
    expect(await front.events.stats()).toMatchObject({ waiting: 1, running: 0 });

    const back = await startReceiving({ ...(await hooks()), onAny: (event) => void handled.push(event) });
    await until(() => handled.length === 1);
    expect(handled[0]).toMatchObject({ name: "call.ended", data: endedCall, late: false, source: "webhook" });
    expect(await front.send(delivery())).toBe(200);
    await until(async () => (await back.events.stats()).waiting + (await back.events.stats()).running === 0);
    expect(handled).toHaveLength(1);
  });

  it("begins to handle where it only received, when it is told to", async () => {
    const { url } = await redisOfFile();
    const handled: string[] = [];
    const queue = bullQueue({ connection: await families["node-redis"](url), name: newName() });
    const { events, send } = await startReceiving({
      queue,
      worker: false,
      onAny: ({ name }) => void handled.push(name),
    });
    await send(delivery());
    events.worker({ concurrency: 2 });
    await until(() => handled.length === 1);
    expect(() => events.worker({ concurrency: 0 })).toThrow("concurrency");
  });

  it("has no worker without a queue", async () => {
    const { events } = await startReceiving({ onAny: () => undefined });
    expect(() => events.worker()).toThrow("give aircallWebhooks({ queue })");
  });
});
