import { createRedisExclusive } from "../../../../src/grants/stores/redis/exclusive";
import { createTaking } from "../../../../src/grants/stores/redis/taking";
import { createRedis, type Redis, type ScriptCall } from "../../../../src/redis/client";
import { describeWith } from "../../../support/programs";
import { startRedisGrants, type RedisGrants } from "../../../support/redis/redis-grants";

describeWith("redis-server", "work that one process does alone", () => {
  let redis: RedisGrants;

  beforeAll(async () => (redis = await startRedisGrants()));
  beforeEach(() => redis.inside.flushAll());
  afterAll(() => redis.close());

  const open = async () => createRedisExclusive({ client: await redis.connect(), prefix: "ours:" });

  it("has a lock of its own, and a memory beside it that others find later", async () => {
    const [one, other] = [await open(), await open()];
    const lock = "ours:{exclusive:a key}:lock";
    const leftMs = await one("a key", async (memory, remainingMs) => {
      expect(await memory.recall()).toBeNull();
      await memory.remember("seven", 60_000);
      expect(await redis.inside.exists(lock)).toBe(1);
      return remainingMs();
    });
    expect(Math.ceil(leftMs / 10_000)).toBe(3);
    expect(await redis.inside.get("ours:{exclusive:a key}:memory")).toBe("seven");
    expect(Math.ceil((await redis.inside.pTTL("ours:{exclusive:a key}:memory")) / 10_000)).toBe(6);
    expect(await other("a key", (memory) => memory.recall())).toBe("seven");
    expect(await other("another key", (memory) => memory.recall())).toBeNull();
    await other("a key", (memory) => memory.forget());
    expect(await one("a key", (memory) => memory.recall())).toBeNull();
  });

  it("waits for who is at work on it, for half a minute", async () => {
    let asked = 0;
    const taken = { isOpen: true, eval: () => Promise.resolve((asked += 1) && 0) };
    const askedAgain = async () => {
      for (const before = asked; asked < before + 2;) await new Promise(setImmediate);
    };
    const now = jest.spyOn(performance, "now").mockReturnValue(0);
    const exclusive = createRedisExclusive({ client: taken, prefix: "ours:" });
    const failures: unknown[] = [];
    const waiting = exclusive("a", () => Promise.resolve()).catch((error: unknown) => void failures.push(error));
    await askedAgain();
    now.mockReturnValue(29_999);
    await askedAgain();
    expect(failures).toEqual([]);
    now.mockReturnValue(30_000);
    await waiting;
    expect(failures).toMatchObject([{ code: "store_failed", operation: "work alone on it" }]);
    expect(String(failures[0])).toContain("somebody else is still at work on it");
    now.mockRestore();
  });

  it("says of its memory what could not be done", async () => {
    let ill = false;
    const answer = () => (ill ? Promise.reject(new Error("READONLY")) : Promise.resolve(1));
    const exclusive = createRedisExclusive({ client: { isOpen: true, eval: answer }, prefix: "ours:" });
    const failures = await exclusive("a", async (memory) => {
      ill = true;
      return Promise.allSettled([memory.recall(), memory.remember("seven", 60_000), memory.forget()]);
    });
    const operations = ["read what was remembered", "remember it", "forget it"];
    expect(failures).toMatchObject(operations.map((operation) => ({ reason: { code: "store_failed", operation } })));
  });

  it("takes no client that is none", () => {
    expect(() => createRedisExclusive({ client: {} as never, prefix: "" })).toThrow("node-redis");
  });

  describe("takes a key", () => {
    let sent: [operation: string, call: ScriptCall][];
    const watched = (): Redis => {
      const inner = createRedis(redis.inside);
      sent = [];
      return { run: (operation, call) => (sent.push([operation, call]), inner.run(operation, call)) };
    };

    it("for one owner, which gives it back, and nobody else", async () => {
      const { take, giveBack } = createTaking(watched());
      const owner = (await take("lock it", "a", 9_999.5))!;
      expect(owner).toMatch(/^[\w-]{22}$/);
      expect(await redis.inside.get("a")).toBe(owner);
      expect(Math.ceil((await redis.inside.pTTL("a")) / 1_000)).toBe(10);
      expect(await take("lock it", "a", 1_000)).toBeNull();
      await giveBack("a", "another");
      expect(await redis.inside.exists("a")).toBe(1);
      await giveBack("a", owner);
      expect(await redis.inside.exists("a")).toBe(0);
      expect(await take("lock it", "a", 1_000)).not.toBe(owner);
      const said = sent.map(([operation, { writes = false }]) => [operation, writes]);
      expect(said.slice(0, 3)).toEqual([
        ["lock it", true],
        ["lock it", true],
        ["release a lock", false],
      ]);
    });

    it("that is given back where it was given up, and only then", async () => {
      await createTaking(watched()).take("lock it", "a", 60_000);
      await sent[0]![1].undo!();
      expect(await redis.inside.exists("a")).toBe(0);
    });
  });
});
