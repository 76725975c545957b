import { Queue } from "bullmq";
import { RateLimitError } from "express-aircall";
import { bullQueue } from "express-aircall/bullmq";
import type { EventJson } from "../../../src/webhooks/event";
import { startRedisServer } from "../../support/redis/redis-server";
import { atEnd, eventOf, families, type Family, newName, startQueue, until } from "./queued";

describe.each(Object.keys(families) as Family[])("events that BullMQ keeps, with %s", (family) => {
  it("are handled, each once, however often they come", async () => {
    const handled: string[] = [];
    const { engine } = await startQueue({ family, handle: ({ id }) => void handled.push(id) });
    const events = [1, 2, 3].map((call) => eventOf(call));
    const twice = [...events, ...events];
    expect(new Set(await Promise.all(twice.map((event) => engine.take(event))))).toEqual(new Set(["accepted"]));
    await until(() => handled.length >= 3);
    await engine.take(events[0]!);
    await until(async () => (await engine.stats()).waiting + (await engine.stats()).running === 0);
    expect(handled.sort()).toEqual(events.map(({ id }) => id).sort());
    expect(await engine.stats()).toEqual({ waiting: 0, running: 0, failed: 0, handled: 3, oldestWaitingMs: 0 });
  });

  it("come to whichever process works on them, and never two of one call at a time", async () => {
    const name = newName();
    const running = new Map<unknown, number>();
    const seen: string[] = [];
    let overlaps = 0;
    async function handle({ id, data }: EventJson) {
      const call = data["id"];
      const beside = running.get(call) ?? 0;
      running.set(call, beside + 1);
      overlaps += beside;
      await new Promise((resolve) => setTimeout(resolve, 15));
      running.set(call, (running.get(call) ?? 0) - 1);
      seen.push(id);
    }
    const receiver = await startQueue({ family, name, concurrency: 0 });
    await startQueue({ family, name, handle, concurrency: 20 });
    await startQueue({ family, name, handle, concurrency: 20 });
    const events = Array.from({ length: 40 }, (_, n) => eventOf(n % 4));
    await Promise.all(events.map((event) => receiver.engine.take(event)));
    await until(() => seen.length >= events.length);
    expect(overlaps).toBe(0);
    expect(new Set(seen).size).toBe(40);
  });

  it("say when a later state of their call was begun with before", async () => {
    const seen: [string, boolean][] = [];
    const { engine } = await startQueue({ family, handle: ({ name }, late) => void seen.push([name, late]) });
    const inOrder = [
      eventOf(5, "call.created", "initial"),
      eventOf(5, "call.ended", "done"),
      eventOf(5, "call.answered", "answered"),
      eventOf(5, "call.tagged", "done"),
    ];
    for (const event of inOrder) {
      await engine.take(event);
      await until(() => seen.some(([name]) => name === event.name));
    }
    expect(seen).toEqual([
      ["call.created", false],
      ["call.ended", false],
      ["call.answered", true],
      ["call.tagged", false],
    ]);
  });
});

describe("an event that BullMQ keeps", () => {
  it("is tried again when its handler fails, and ends as a dead letter that can be tried once more", async () => {
    let tries = 0;
    let broken = true;
    const handled: EventJson[] = [];
    const { engine, failures } = await startQueue({
      attempts: 3,
      backOffMs: 1,
      handle(json) {
        tries += 1;
        if (broken) throw new TypeError("the CRM is away, call +33 1 84 88 36 22");
        handled.push(json);
      },
    });
    const event = eventOf(6);
    await engine.take(event);
    await until(async () => (await engine.stats()).failed === 1);
    expect({ tries, told: failures.map(([, id]) => id) }).toEqual({ tries: 3, told: [event.id, event.id, event.id] });
    const [letter] = await failedOf(engine);
    expect(letter).toMatchObject({ id: event.id, event: { name: "call.tagged" }, attempts: 3 });
    expect(letter!.error).toMatch(/^TypeError: the CRM is away/);
    expect(letter!.error).not.toContain("84 88");

    broken = false;
    expect(await engine.retry(event.id)).toBe(true);
    await until(() => handled.length === 1);
    expect(handled[0]).toMatchObject({ id: event.id, source: "replayed" });
    expect(await failedOf(engine)).toEqual([]);
    expect(await engine.retry(event.id)).toBe(false);
  });

  it("can be forgotten when it has failed", async () => {
    const { engine } = await startQueue({ attempts: 1, handle: () => Promise.reject(new Error("no")) });
    const event = eventOf(7);
    await engine.take(event);
    await until(async () => (await engine.stats()).failed === 1);
    expect(await engine.discard("another")).toBe(false);
    expect(await engine.discard(event.id)).toBe(true);
    expect(await failedOf(engine)).toEqual([]);
  });

  it("waits for what passes by itself, which costs it no try", async () => {
    let tries = 0;
    const rate = { limit: 120, remaining: 0, resetAt: null };
    const { engine, failures } = await startQueue({
      attempts: 1,
      handle() {
        tries += 1;
        if (tries < 4) throw new RateLimitError("GET /v1/calls", 1, rate);
      },
    });
    await engine.take(eventOf(8));
    await until(async () => (await engine.stats()).handled === 1);
    expect({ tries, failures }).toEqual({ tries: 4, failures: [] });
    expect(await failedOf(engine)).toEqual([]);
  });

  it("stops nobody behind it while its handler hangs", async () => {
    const handled: unknown[] = [];
    let letGo = () => undefined as void;
    const hanging = new Promise<void>((resolve) => (letGo = resolve));
    const { engine } = await startQueue({
      concurrency: 2,
      handle: async ({ data }) => (data["id"] === 9 ? hanging : void handled.push(data["id"])),
    });
    for (const call of [9, 9, 9, 10, 11]) await engine.take(eventOf(call));
    await until(() => handled.length === 2);
    expect(handled.sort()).toEqual([10, 11]);
    letGo();
  });

  it("is handled in this process while Redis is away or refuses, and not once more when it is back", async () => {
    const server = await startRedisServer({ settings: ["--maxmemory", "1"] });
    atEnd(() => server.close());
    const { engine, inProcess } = await startQueue({ url: server.url, concurrency: 0 });
    const event = eventOf(12);
    const before = performance.now();
    expect(await engine.take(event)).toBe("handled");
    process.kill(server.pid, "SIGSTOP");
    expect(await engine.take(eventOf(13))).toBe("handled");
    expect(performance.now() - before).toBeLessThan(3_500);
    process.kill(server.pid, "SIGCONT");
    expect(inProcess).toHaveLength(2);
    await until(async () => (await engine.stats().catch(() => null)) !== null);
    expect(await engine.stats()).toMatchObject({ waiting: 0 });
  });
});

describe.each(Object.keys(families) as Family[])("while Redis hangs, with %s", (family) => {
  it("tells who hands an event on, waits for what is being handled, and closes", async () => {
    const server = await startRedisServer();
    atEnd(() => server.close());
    let letGo = () => undefined as void;
    const hanging = new Promise<void>((resolve) => (letGo = resolve));
    const seen: string[] = [];
    const { engine } = await startQueue({
      ...{ family, url: server.url },
      async handle({ id }) {
        seen.push(`${id} begins`);
        await hanging;
        seen.push(`${id} ends`);
      },
    });
    const { id } = await inHand();
    process.kill(server.pid, "SIGSTOP");
    atEnd(() => process.kill(server.pid, "SIGCONT"));
    await expect(engine.handle(eventOf(15))).rejects.toMatchObject({ code: "store_failed" });
    const closing = engine.close().then(() => seen.push("closed"));
    letGo();
    await closing;
    expect(seen).toEqual([`${id} begins`, `${id} ends`, "closed"]);

    async function inHand() {
      const event = eventOf(14);
      await engine.handle(event);
      await until(() => seen.length === 1);
      return event;
    }
  });
});

it("a dead letter stands beside what is no event", async () => {
  const { engine, connection, name } = await startQueue({ attempts: 1, handle: () => Promise.reject(new Error("no")) });
  const queue = new Queue(name, { connection, prefix: "{aircall}" });
  atEnd(() => queue.close());
  await queue.add("junk", { no: "event" }, { attempts: 1 });
  await engine.handle(eventOf(16));
  await until(async () => (await engine.stats()).failed === 2);
  expect(await failedOf(engine)).toMatchObject([{ event: { data: { id: 16 } } }]);
});

describe("bullQueue()", () => {
  it.each([
    [{}, "bullQueue({ connection }) takes the app's own Redis client"],
    [{ connection: { host: "localhost" } }, "bullQueue({ connection }) takes the app's own Redis client"],
    [{ conection: {} }, 'Unknown option "conection". Did you mean "connection"?'],
  ])("refuses %j", (options, message) => {
    expect(() => bullQueue(options as never)).toThrow(message);
  });
});

async function failedOf(engine: { failed(): AsyncGenerator<{ id: string; error: string }, void> }) {
  const found = [];
  for await (const letter of engine.failed()) found.push(letter);
  return found;
}
