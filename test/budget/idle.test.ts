import { createBudgets } from "../../src/budget/budget";
import { ask, askMany, sending } from "./askers";
import { manualTime } from "./manual-time";

const minute = 60_000;

/** Budgets by a clock of the test's, and how often they were to be looked through. */
function open(limit = 10) {
  const time = manualTime();
  let sweeps = 0;
  const budgets = createBudgets({
    limit,
    now: time.now,
    setTimer: time.setTimer,
    setSweepTimer: (run, delayMs) => ((sweeps += 1), time.setTimer(run, delayMs)),
  });
  return { time, budgets, sweeps: () => sweeps };
}

/** Refuses a company at 5 a minute, without a word about its limit. */
async function refuseAt5({ time, budgets }: ReturnType<typeof open>): Promise<void> {
  const askers = askMany(6, budgets, time.now);
  await time.forward(0);
  const unnamed = { limit: null, remaining: null, resetAt: null };
  for (const { turn } of askers.slice(0, 5)) turn!.done(unnamed);
  askers[5]!.turn!.done(unnamed, minute);
}

describe("budgets of companies that have been idle", () => {
  it("are forgotten after two windows, and not before", async () => {
    const { time, budgets } = open();
    const asker = ask(budgets, time.now);
    await time.forward(0);
    asker.turn!.done({ limit: 7, remaining: 6, resetAt: null });
    await time.forward(2 * minute);
    expect(budgets.look("company:1").limit).toBe(7);
    await time.forward(minute);
    expect(budgets.look("company:1").limit).toBe(10);
  });

  it("whose limit was found by refusals are kept for an hour", async () => {
    const opened = open();
    await refuseAt5(opened);
    const { time, budgets } = opened;
    const { limit } = budgets.look("company:1");
    expect(limit).toBeLessThan(10);
    await time.forward(60 * minute);
    expect(budgets.look("company:1").limit).toBe(limit);
    await time.forward(2 * minute);
    expect(budgets.look("company:1").limit).toBe(10);
  });

  it("are looked for once a window, however many companies come", async () => {
    const { time, budgets, sweeps } = open();
    for (let n = 0; n < 100; n += 1) {
      ask(budgets, time.now, { budget: `company:${n}` });
      await time.forward(100);
    }
    expect(sweeps()).toBe(1);
    await time.forward(minute);
    expect(sweeps()).toBe(2);
  });
});

describe("budgets by the time of the process", () => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ["setImmediate", "nextTick"] }));
  afterEach(() => void jest.useRealTimers());

  it("let who waits go with the next window, and leave no timer once they are closed", async () => {
    const budgets = createBudgets();
    const askers = askMany(121, budgets, Date.now);
    await jest.advanceTimersByTimeAsync(0);
    expect(sending(askers)).toBe(120);
    await jest.advanceTimersByTimeAsync(minute + 1_001);
    expect(sending(askers)).toBe(121);

    const more = askMany(120, budgets, Date.now);
    await jest.advanceTimersByTimeAsync(0);
    expect(more.some(({ state }) => state === "waits")).toBe(true);
    expect(jest.getTimerCount()).toBeGreaterThan(0);
    budgets.close();
    expect(jest.getTimerCount()).toBe(0);
  });

  it("forget who was idle, and keep no timer then", async () => {
    const budgets = createBudgets({ limit: 10 });
    const asker = ask(budgets, Date.now);
    await jest.advanceTimersByTimeAsync(0);
    asker.turn!.done({ limit: 7, remaining: 6, resetAt: null });
    expect([budgets.look("company:1").limit, jest.getTimerCount()]).toEqual([7, 1]);
    await jest.advanceTimersByTimeAsync(4 * minute);
    expect([budgets.look("company:1").limit, jest.getTimerCount()]).toEqual([10, 0]);
  });

  it("are closed before anybody has used one", () => {
    expect(() => createBudgets().close()).not.toThrow();
  });
});
