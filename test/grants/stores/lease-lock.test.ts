import { RenewalFailedError } from "../../../src/errors/errors";
import type { Redis } from "../../../src/redis/client";
import { createLeaseLock } from "../../../src/grants/stores/lease-lock";
import { createTaking } from "../../../src/grants/stores/redis/taking";
import type { GrantStore } from "../../../src/grants/store";
import { createClock } from "../../support/grants";
import { describeWith } from "../../support/programs";
import { promised } from "../../support/promised";
import { startRedisGrants, type RedisGrants } from "../../support/redis/redis-grants";

describeWith("redis-server", "the lock of redisGrants", () => {
  let redis: RedisGrants;
  let [one, other]: GrantStore[] = [];

  beforeAll(async () => {
    redis = await startRedisGrants();
    [one, other] = [await redis.grants(), await redis.grants()];
  });
  beforeEach(() => redis.inside.flushAll());
  afterAll(() => redis.close());

  it("lets one process at a time work on a grant", async () => {
    let [inside, most] = [0, 0];
    async function work(): Promise<void> {
      most = Math.max(most, (inside += 1));
      await new Promise((resolve) => setTimeout(resolve, 2));
      inside -= 1;
    }

    await Promise.all(Array.from({ length: 40 }, (_, n) => (n % 2 ? one : other)!.withLock("g", work)));

    expect(most).toBe(1);
    expect(await redis.inside.exists("aircall:{g}:lock")).toBe(0);
  });

  it("is had by a waiting process some milliseconds after it was given back", async () => {
    const waits: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      let freedAt = 0;
      const holding = one!.withLock("g", async () => {
        await new Promise((resolve) => setTimeout(resolve, 100));
        freedAt = performance.now();
      });
      await redisHasLock();
      await Promise.all([
        holding,
        other!.withLock("g", () => Promise.resolve(waits.push(performance.now() - freedAt))),
      ]);
    }

    expect(waits).toHaveLength(20);
    expect(waits.sort((a, b) => a - b)[10]).toBeLessThan(promised(20));
  });

  it("lives thirty seconds in Redis, and says a little less", async () => {
    const [left, said] = await one!.withLock("g", async (lock) => {
      const pttl = await redis.inside.pTTL("aircall:{g}:lock");
      return [pttl, lock.remainingMs()] as const;
    });

    expect(left).toBeGreaterThan(29_000);
    expect(said).toBeLessThanOrEqual(left + 1);
    expect(said).toBeGreaterThan(29_000);
  });

  it("that was lost is not taken from its new owner", async () => {
    await one!.withLock("g", async () => {
      await redis.inside.set("aircall:{g}:lock", "somebody else");
    });
    await redis.inside.ping();

    expect(await redis.inside.get("aircall:{g}:lock")).toBe("somebody else");
  });

  async function redisHasLock(): Promise<void> {
    while (!(await redis.inside.exists("aircall:{g}:lock"))) await new Promise(setImmediate);
  }
});

describe("a lock that Redis would not take back", () => {
  it("is given back as soon as Redis takes it, and nobody waits for that", async () => {
    const clock = createClock(0);
    const asked: number[] = [];
    let refusals = 5;
    const redis: Redis = {
      run: (operation) => {
        if (operation === "lock a grant") return Promise.resolve(1);
        asked.push(clock.now());
        return refusals-- > 0 ? Promise.reject(new Error("READONLY")) : Promise.resolve(1);
      },
    };
    const sleep = (ms: number) => new Promise((resolve) => setImmediate(() => resolve(clock.pass(ms))));
    const withLock = createLeaseLock(createTaking(redis), (id) => id, { now: clock.now, sleep });

    await withLock("g", () => Promise.resolve());
    expect(clock.now()).toBe(0);
    while (refusals >= 0) await new Promise(setImmediate);

    expect(asked).toEqual([0, 100, 300, 700, 1_500, 3_100]);
  });
});

describe("a lock that somebody else keeps", () => {
  /** A Redis in which every key is taken, in a world where sleeping is the only thing that takes time. */
  function taken() {
    const clock = createClock(0);
    const asked: string[] = [];
    const redis: Redis = { run: (operation) => (asked.push(operation), Promise.resolve(0)) };
    const timing = { now: clock.now, random: () => 0.5, sleep: (ms: number) => Promise.resolve(clock.pass(ms)) };
    return { asked, clock, withLock: createLeaseLock(createTaking(redis), (id) => id, timing) };
  }

  it("is given up after twelve seconds, a little more than a caller waits", async () => {
    const { clock, withLock } = taken();

    await expect(withLock("g", () => Promise.resolve())).rejects.toBeInstanceOf(RenewalFailedError);
    expect(clock.now()).toBeGreaterThanOrEqual(12_000);
    expect(clock.now()).toBeLessThan(12_200);
  });

  it("is asked for ever more seldom, and by one caller of a process at a time", async () => {
    const { asked, withLock } = taken();
    const callers = [1, 2].map(() => withLock("g", () => Promise.resolve()));
    await expect(callers[0]).rejects.toThrow();

    expect(asked.length).toBeLessThan(250);
    await expect(callers[1]).rejects.toThrow();
  });
});
