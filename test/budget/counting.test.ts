import { createClient } from "redis";
import { createSharedWindow, type Question, type SharedWindow } from "../../src/budget/shared-window";
import { createClock } from "../support/grants";
import { describeWith } from "../support/programs";
import { startRedisServer, type RedisServer } from "../support/redis/redis-server";

const minute = 60_000;
const nothingNew = { uncounted: 0, used: 0, leftMs: null, fresh: false, limit: null };

function question(changes: Partial<Question> = {}, news: Partial<Question["news"]> = {}): Question {
  return {
    ...{ budget: "company:1", asked: 3, cap: 10, windowMs: minute },
    ...changes,
    news: { ...nothingNew, ...news },
  };
}

describeWith("redis-server", "the window that processes share", () => {
  let server: RedisServer;
  let client: ReturnType<typeof createClient>;
  let window: SharedWindow;

  beforeAll(async () => {
    server = await startRedisServer();
    client = createClient({ url: server.url });
    await client.connect();
  });
  beforeEach(async () => {
    await client.flushAll();
    window = createSharedWindow(client)!;
  });
  afterAll(async () => {
    client.destroy();
    await server.close();
  });

  const count = async (changes?: Partial<Question>, news?: Partial<Question["news"]>) => {
    const { leftMs, ...rest } = (await window.count(question(changes, news)))!;
    return { ...rest, left: Math.ceil(leftMs / 10_000) * 10_000 };
  };

  it("counts who may go, up to the cap, and nobody who may not", async () => {
    const all = { left: minute, limit: "" };
    expect(await count()).toEqual({ granted: true, used: 3, ...all });
    expect(await count({ asked: 8 })).toEqual({ granted: false, used: 3, ...all });
    expect(await count({ asked: 7 })).toEqual({ granted: true, used: 10, ...all });
    expect(await count({ asked: 1, cap: 12 })).toEqual({ granted: true, used: 11, ...all });
    expect(await count({ budget: "company:2" })).toEqual({ granted: true, used: 3, ...all });
    expect([window.ready(), window.due()]).toEqual([true, false]);
  });

  it("counts what went without asking, whether more may go or not", async () => {
    expect(await count({ asked: 1 }, { uncounted: 4 })).toMatchObject({ granted: true, used: 5 });
    expect(await count({ asked: 5 }, { uncounted: 2 })).toMatchObject({ granted: false, used: 7 });
    expect(await count({ asked: 3 })).toMatchObject({ granted: true, used: 10 });
  });

  it("goes by what Aircall has said of the window, and of what is used of it only beside its end", async () => {
    expect(await count({ asked: 1 }, { used: 5 })).toMatchObject({ used: 1, left: minute });
    expect(await count({ asked: 1 }, { used: 5, leftMs: 19_000, fresh: true })).toMatchObject({
      used: 6,
      left: 20_000,
    });
    expect(await count({ asked: 1 }, { used: 2, leftMs: 55_000 })).toMatchObject({ used: 7, left: 20_000 });
    expect(await count({ asked: 1 }, { used: 2, leftMs: 55_000, fresh: true })).toMatchObject({
      used: 3,
      left: minute,
    });
  });

  it("begins as Aircall has said, where nobody has counted yet", async () => {
    expect(await count({ asked: 1 }, { used: 5, leftMs: 19_000 })).toMatchObject({ used: 6, left: 20_000 });
  });

  it("lasts as long as one does", async () => {
    expect(await count({ windowMs: 9_500 })).toMatchObject({ left: 10_000 });
    expect(await client.pTTL("aircall:{company:1}:budget")).toBeLessThanOrEqual(9_500);
  });

  it("tells of the limit that somebody has learnt, for a day", async () => {
    expect(await count({}, { limit: "60 1" })).toMatchObject({ limit: "60 1" });
    expect(await count()).toMatchObject({ limit: "60 1" });
    expect(await count({ budget: "company:2" })).toMatchObject({ limit: "" });
    const leftMs = await client.pTTL("aircall:{company:1}:limit");
    expect([Math.ceil(leftMs / 3_600_000), (await client.keys("*")).sort()]).toEqual([
      24,
      ["aircall:{company:1}:budget", "aircall:{company:1}:limit", "aircall:{company:2}:budget"],
    ]);
  });
});

describe("the window that processes share, over a Redis that is ill", () => {
  /** A client that answers what it is told to, and when. */
  function open(answer: () => Promise<unknown>) {
    const clock = createClock(0);
    const client = { isOpen: true, eval: answer };
    return { clock, window: createSharedWindow(client, { now: clock.now })! };
  }

  it.each<[string, () => Promise<unknown>]>([
    ["an error", () => Promise.reject(new Error("READONLY"))],
    ["no list", () => Promise.resolve("OK")],
    ["nothing", () => Promise.resolve(null)],
  ])("is not ready after %s, and asks again a second later", async (_what, answer) => {
    const { clock, window } = open(answer);
    expect([window.ready(), window.due()]).toEqual([true, false]);
    clock.pass(5_000);
    expect(await window.count(question())).toBeNull();
    expect([window.ready(), window.due()]).toEqual([false, false]);
    clock.pass(999);
    expect(window.due()).toBe(false);
    clock.pass(1);
    expect(window.due()).toBe(true);
  });

  it("is ready again with the next count", async () => {
    let ill = true;
    const { clock, window } = open(() => (ill ? Promise.reject(new Error("LOADING")) : Promise.resolve([3, 500, ""])));
    await window.count(question());
    clock.pass(1_000);
    ill = false;
    expect(await window.count(question())).toEqual({ granted: true, used: 3, leftMs: 500, limit: "" });
    clock.pass(1_000);
    expect([window.ready(), window.due()]).toEqual([true, false]);
  });

  it("waits a quarter of a second for an answer, and asks no more than a hundred times for none", async () => {
    jest.useFakeTimers({ doNotFake: ["setImmediate", "nextTick"] });
    const answers: (() => void)[] = [];
    const { clock, window } = open(() => new Promise((resolve) => answers.push(() => resolve([3, 500, ""]))));
    const askUnanswered = async (times: number) => {
      const counts = Array.from({ length: times }, () => window.count(question()));
      await jest.advanceTimersByTimeAsync(249);
      expect(window.ready()).toBe(answers.length === times);
      await jest.advanceTimersByTimeAsync(1);
      expect(new Set(await Promise.all(counts))).toEqual(new Set([null]));
      clock.pass(1_000);
    };
    await askUnanswered(99);
    expect(window.due()).toBe(true);
    await askUnanswered(1);
    expect([answers.length, window.due()]).toEqual([100, false]);
    answers[0]!();
    await jest.advanceTimersByTimeAsync(0);
    expect(window.due()).toBe(true);
    jest.useRealTimers();
  });

  it("is asked again a second later by the time of the process, too", async () => {
    jest.useFakeTimers();
    const ill = createSharedWindow({ isOpen: true, eval: () => Promise.reject(new Error("LOADING")) })!;
    await ill.count(question());
    expect(ill.due()).toBe(false);
    jest.advanceTimersByTime(1_000);
    expect(ill.due()).toBe(true);
    jest.useRealTimers();
  });

  it("tells of no limit where Redis answers none", async () => {
    const { window } = open(() => Promise.resolve([3, 500]));
    expect(await window.count(question())).toMatchObject({ limit: "" });
  });
});

describe("the window that processes share, where it cannot be", () => {
  const client = { isOpen: true, eval: () => Promise.resolve(null) };

  it("is said so to who looks for the process's warnings", () => {
    const warned = jest.spyOn(process, "emitWarning").mockImplementation();
    expect(createSharedWindow(client, { load: () => null })).toBeNull();
    expect(warned.mock.calls).toEqual([
      [
        "Redis is there, but the package rate-limiter-flexible is not: each process counts Aircall's request limit for itself. Run npm install rate-limiter-flexible.",
        { code: "EXPRESS_AIRCALL_BUDGET" },
      ],
    ]);
    warned.mockRestore();
  });

  it("is refused a client that is none", () => {
    expect(() => createSharedWindow({}, { load: () => null })).toThrow(
      "The request budget needs a client of node-redis 5 or 6 or of ioredis 5.",
    );
  });
});
