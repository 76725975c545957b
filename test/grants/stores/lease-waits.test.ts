import { createLeaseLock, type LeaseLockOptions, type Taking } from "../../../src/grants/stores/lease-lock";
import { createClock } from "../../support/grants";

/** A lock over keys that `takes` and `givesBack` tell of, in a world where sleeping is the only thing that takes time. */
function open(
  { takes = () => true, givesBack = () => true }: { takes?: () => boolean; givesBack?: () => boolean },
  options: LeaseLockOptions = {},
) {
  const clock = createClock(0);
  const [asked, returned, slept]: [unknown[], number[], number[]] = [[], [], []];
  const taking: Taking = {
    take: (...asking) => (asked.push(asking), Promise.resolve(takes() ? "owner" : null)),
    giveBack: (key, owner) => {
      expect([key, owner]).toEqual(["key of g", "owner"]);
      returned.push(clock.now());
      return givesBack() ? Promise.resolve() : Promise.reject(new Error("READONLY"));
    },
  };
  const sleep = (ms: number) => {
    slept.push(ms);
    return new Promise((resolve) => setImmediate(() => resolve(clock.pass(ms))));
  };
  const withLock = createLeaseLock(taking, (id) => `key of ${id}`, { now: clock.now, sleep, ...options });
  return { clock, asked, returned, slept, withLock };
}

const turns = async (count: number) => {
  for (let n = 0; n < count; n += 1) await new Promise(setImmediate);
};

describe("a lock for a time", () => {
  it("is taken for thirty seconds, says what is left of them, and is given back once", async () => {
    const { clock, asked, returned, withLock } = open({});
    const left = await withLock("g", (lock) => {
      const told = [lock.remainingMs()];
      for (const ms of [29_999, 1, 1]) {
        clock.pass(ms);
        told.push(lock.remainingMs());
      }
      return Promise.resolve(told);
    });
    expect([left, asked]).toEqual([[30_000, 1, 0, 0], [["lock a grant", "key of g", 30_000]]]);

    const quick = open({});
    await expect(quick.withLock("g", () => Promise.reject(new Error("it broke")))).rejects.toThrow("it broke");
    await turns(10);
    expect([returned, quick.returned]).toEqual([[], [0]]);
  });

  it("that nobody would take back is offered until it ends by itself", async () => {
    const { clock, returned, withLock } = open({ givesBack: () => false });
    await withLock("g", () => Promise.resolve(clock.pass(900)));
    await turns(40);
    const later = Array.from({ length: 13 }, (_, n) => 4_000 + 2_000 * n);
    expect(returned).toEqual([900, 1_000, 1_200, 1_600, 2_400, ...later]);
  });

  it.each([
    [0, [4, 4, 4], 50],
    [0.5, [8, 8, 8], 100],
    [1, [12, 12, 12], 150],
  ])("is waited for a little longer each time, by chance %d", async (chance, first, last) => {
    const busy = new Error("busy");
    const { slept, withLock } = open({ takes: () => false }, { random: () => chance, busy: () => busy });
    await expect(withLock("g", () => Promise.resolve())).rejects.toBe(busy);
    expect([slept.slice(0, 3), slept.at(-1)]).toEqual([first, last]);
  });

  it("is asked for until its patience ends, and not once more", async () => {
    const options = { random: () => 0.5, patienceMs: 80, operation: "work" };
    const { clock, asked, withLock } = open({ takes: () => false }, options);
    await expect(withLock("g", () => Promise.resolve())).rejects.toMatchObject({
      code: "renewal_failed",
      message: expect.stringContaining("somebody else is still at work on it."),
    });
    expect([clock.now(), asked.length, asked[0]]).toEqual([80, 11, ["work", "key of g", 30_000]]);
  });

  it("is waited for as time passes, without a reason for the process to go on", async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    let asked = 0;
    const take = () => Promise.resolve((asked += 1) > 1 ? "owner" : null);
    const withLock = createLeaseLock({ take, giveBack: () => Promise.resolve() }, (id) => id);
    const had = withLock("g", () => Promise.resolve("had"));
    for (let n = 0; n < 30; n += 1) await Promise.resolve();
    expect([asked, timers()]).toEqual([1, before]);
    expect(await had).toBe("had");
  });
});
