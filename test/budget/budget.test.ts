import { AsyncLocalStorage } from "node:async_hooks";
import { getEventListeners } from "node:events";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { type BudgetOptions, createBudgets } from "../../src/budget/budget";
import type { SharedWindow } from "../../src/budget/shared-window";
import type { RateSnapshot } from "../../src/errors/errors";
import { ask, askMany, sending, type Wish } from "./askers";
import { manualTime } from "./manual-time";

const minute = 60_000;

function open(options: BudgetOptions = {}) {
  const time = manualTime();
  const budgets = createBudgets({ now: time.now, setTimer: time.setTimer, ...options });
  return {
    time,
    budgets,
    one: (wish?: Wish) => ask(budgets, time.now, wish),
    many: (count: number, wish?: Wish) => askMany(count, budgets, time.now, wish),
    rate: (rate: { limit?: number; remaining?: number; resetInMs?: number }): RateSnapshot => ({
      limit: rate.limit ?? null,
      remaining: rate.remaining ?? null,
      resetAt: rate.resetInMs === undefined ? null : new Date(time.now() + rate.resetInMs),
    }),
  };
}

describe("budget", () => {
  it("lets 120 requests go at once while it knows nothing, and the next one with the next window", async () => {
    const { time, many } = open();
    const askers = many(121);

    await time.forward(0);
    expect(sending(askers)).toBe(120);
    await time.forward(minute - 1);
    expect(sending(askers)).toBe(120);
    await time.forward(1_001);
    expect(sending(askers)).toBe(121);
  });

  it("goes by the limit and the reset that Aircall names", async () => {
    const { time, one, many, rate } = open();
    const first = one();
    await time.forward(0);
    first.turn!.done(rate({ limit: 60, remaining: 59, resetInMs: 20_000 }));
    const askers = many(60);

    await time.forward(19_999);
    expect(sending(askers)).toBe(59);
    await time.forward(100);
    expect(sending(askers)).toBe(60);
  });

  it("leaves room for what other apps of the company have used", async () => {
    const { time, one, many, rate } = open({ limit: 60 });
    const first = one();
    await time.forward(0);
    first.turn!.done(rate({ limit: 60, remaining: 10, resetInMs: minute }));

    const askers = many(20);
    await time.forward(0);
    expect(sending(askers)).toBe(10);
  });

  it("takes no late answer of a window that is over for one of the next", async () => {
    const { time, many, rate } = open({ limit: 2 });
    const [slow, fast] = many(2);
    await time.forward(0);
    const late = rate({ limit: 2, remaining: 0, resetInMs: minute });
    fast!.turn!.done(late);
    await time.forward(minute + 100);
    const next = many(2);
    await time.forward(0);
    slow!.turn!.done(late);

    expect(sending(next)).toBe(2);
  });

  it("serves interactive requests before bulk ones, each in the order they came", async () => {
    const { time, many, one } = open({ limit: 4 });
    many(4);
    const order: string[] = [];
    const names = ["bulk 1", "interactive 1", "bulk 2", "interactive 2"];
    const askers = names.map((name) => one({ lane: name.startsWith("bulk") ? "bulk" : "interactive" }));

    for (let passed = 0; order.length < 4 && passed < 3 * minute; passed += 100) {
      await time.forward(100);
      for (const [n, asker] of askers.entries()) {
        if (asker.state === "sends" && !order.includes(names[n]!)) order.push(names[n]!);
        asker.turn?.done(null);
      }
    }
    expect(order).toEqual(["interactive 1", "interactive 2", "bulk 1", "bulk 2"]);
  });

  it("keeps room for interactive requests all through a bulk walk, which uses the whole window nevertheless", async () => {
    const { time, many, one } = open({ limit: 60 });
    const walk = many(100, { lane: "bulk" });
    await time.forward(0);
    expect(sending(walk)).toBe(30);

    for (let second = 1; second < 59; second += 6) {
      await time.forward(second * 1_000 - (time.now() % minute));
      const click = one();
      await time.forward(0);
      expect(click.state).toBe("sends");
    }
    await time.forward(minute + 900 - (time.now() % minute));
    expect(sending(walk)).toBe(50);
  });

  it("makes everyone wait out a 429", async () => {
    const { time, one, many, rate } = open();
    const [refused] = many(2);
    await time.forward(0);
    refused!.turn!.done(rate({}), 7_000);
    const others = [one(), one({ lane: "bulk" })];

    await time.forward(6_999);
    expect(sending(others)).toBe(0);
    await time.forward(2_000);
    expect(sending(others)).toBe(2);
  });

  it("lets one request find out whether an awaited window has begun, before all others follow", async () => {
    const { time, many } = open({ limit: 10 });
    many(10);
    const askers = many(8);
    await time.forward(minute + 1_000);
    expect(sending(askers)).toBe(1);

    askers[0]!.turn!.done(null, 2_000);
    await time.forward(1_999);
    expect(sending(askers)).toBe(1);
    await time.forward(1);
    expect(sending(askers)).toBe(2);
    askers[1]!.turn!.done(null);
    await time.forward(0);
    expect(sending(askers)).toBe(8);
  });

  it("waits no longer than a second for that one's answer", async () => {
    const { time, many } = open({ limit: 10 });
    many(10);
    const askers = many(8);
    await time.forward(minute + 2_000);

    expect(sending(askers)).toBe(8);
  });

  it.each([
    ["interactive", 1, 20_000],
    ["interactive", 61, 80_000],
    ["bulk", 1, 20_000],
    ["bulk", 40, 20_000 + (10 / 30) * minute],
  ] as const)(
    "refuses the %s request that would be number %d in the queue at once if its deadline is nearer",
    async (lane, place, waitMs) => {
      const { time, many, one, rate } = open({ limit: 60 });
      const [first] = many(60);
      await time.forward(0);
      first!.turn!.done(rate({ limit: 60, remaining: 0, resetInMs: 19_975 }));
      const queue = many(place - 1, { lane });

      const tooShort = one({ lane, deadlineMs: waitMs });
      const longEnough = one({ lane, deadlineMs: waitMs + 1 });
      await time.forward(0);
      expect(tooShort.error).toMatchObject({ code: "rate_limited", request: "GET /v1/calls", retryAfterMs: waitMs });
      expect(tooShort.error!.rate).toMatchObject({ limit: 60, remaining: 0, resetAt: new Date(time.now() + 20_000) });
      expect(longEnough.state).toBe("waits");
      expect(queue.every(({ state }) => state === "waits")).toBe(true);
    },
  );

  it("refuses those who cannot wait as soon as a 429 says so, and moves the others up", async () => {
    const { time, many, one } = open({ limit: 2 });
    const [sent] = many(2);
    await time.forward(50_000);
    const [impatient, patient] = [one({ deadlineMs: 20_000 }), one()];
    await time.forward(0);
    expect([impatient.state, patient.state]).toEqual(["waits", "waits"]);

    sent!.turn!.done(null, 30_000);
    await time.forward(0);
    expect([impatient.error!.retryAfterMs, patient.state]).toEqual([30_000, "waits"]);
  });

  it("keeps a thousand waiting and refuses the next at once", async () => {
    const { time, many, one } = open();
    const askers = many(1_120);
    const next = one();
    await time.forward(0);

    expect(askers.some(({ state }) => state === "refused")).toBe(false);
    expect(next.error).toMatchObject({ code: "rate_limited" });
  });

  it("lets go of who gives up, wherever it stands, and leaves nothing behind", async () => {
    const { time, many, budgets } = open({ limit: 1 });
    many(1);
    const askers = many(5);
    await time.forward(0);
    expect(budgets.look("company:1").queued).toBe(5);

    const reason = new Error("left");
    for (const asker of askers) asker.abort(reason);
    await time.forward(0);
    expect(askers.map(({ error }) => error)).toEqual(Array(5).fill(reason));
    expect(askers.flatMap(({ signal }) => getEventListeners(signal, "abort"))).toEqual([]);
    expect([time.timers(), budgets.look("company:1").queued]).toEqual([0, 0]);
  });

  it("keeps nobody waiting whose signal has aborted before", async () => {
    const { time, budgets, many } = open();
    many(120, { budget: "a" });
    const signal = AbortSignal.abort("too late");
    const deadline = { signal, remainingMs: () => 0 };

    await expect(budgets.acquire({ budget: "a", lane: "bulk", request: "", deadline })).rejects.toBe("too late");
    expect(time.timers()).toBe(0);
  });

  it("keeps one timer, however many wait", async () => {
    const { time, many } = open({ limit: 3 });
    many(50, { lane: "bulk" });
    many(50);
    await time.forward(10_000);

    expect(time.timers()).toBe(1);
  });

  it("counts each company for itself", async () => {
    const { time, many } = open({ limit: 5 });
    const askers = [many(6, { budget: "company:1" }), many(6, { budget: "company:2" })];
    await time.forward(0);

    expect(askers.map(sending)).toEqual([5, 5]);
  });

  it("shows the limit, what remains, the reset and who waits", async () => {
    const { time, budgets, one, many, rate } = open();
    const unknown = { remaining: null, queued: 0 };
    const lanes = { interactive: unknown, bulk: unknown };
    expect(budgets.look("company:1")).toEqual({ limit: 120, remaining: null, reset: null, queued: 0, lanes });
    const first = one();
    await time.forward(0);
    first.turn!.done(rate({ limit: 60, remaining: 59, resetInMs: 29_975 }));
    many(61);

    const reset = new Date(time.now() + 30_000);
    expect(budgets.look("company:1")).toMatchObject({ limit: 60, remaining: 0, reset, queued: 2 });
    await time.forward(10 * minute);
    expect(budgets.look("company:1")).toMatchObject({ limit: 60, remaining: null, reset: null });
  });

  it("shows by lane how many the window has room for, and who waits", async () => {
    const { time, budgets, many } = open({ limit: 60 });
    const lanes = () => budgets.look("company:1").lanes;
    const bulk = many(40, { lane: "bulk" });
    await time.forward(0);
    expect(sending(bulk)).toBe(30);
    expect(lanes()).toEqual({ interactive: { remaining: 30, queued: 0 }, bulk: { remaining: 0, queued: 10 } });

    many(31);
    await time.forward(0);
    // Every tenth turn was bulk's.
    expect(lanes()).toEqual({ interactive: { remaining: 0, queued: 4 }, bulk: { remaining: 0, queued: 7 } });
  });

  it("opens more of the window to bulk as it passes, as what it shows says", async () => {
    const { time, budgets, many } = open({ limit: 60 });
    many(10);
    await time.forward(0);
    const left = () => budgets.look("company:1").lanes.bulk.remaining!;
    expect(left()).toBe(20);
    await time.forward(minute / 2);
    expect(left()).toBe(34);
    const late = many(50, { lane: "bulk" });
    await time.forward(0);
    expect([sending(late), left()]).toEqual([34, 0]);
  });

  it("tells who had to wait, and how long", async () => {
    const told: unknown[] = [];
    const listen = (event: unknown) => void told.push(event);
    subscribe("express-aircall:wait", listen);
    const { time, many, one } = open({ limit: 2 });
    many(2);
    one();
    await time.forward(2 * minute);
    unsubscribe("express-aircall:wait", listen);

    expect(told).toEqual([{ request: "GET /v1/calls", lane: "interactive", waitMs: 61_000 }]);
  });

  it.each([-3_600_000, -5_000, 5_000, 3_600_000])(
    "does nothing rash when Aircall's clock is %d ms beside ours",
    async (besideMs) => {
      const { time, many, rate } = open({ limit: 2 });
      const [first] = many(2);
      await time.forward(0);
      first!.turn!.done(rate({ limit: 2, remaining: 0, resetInMs: minute + besideMs }));
      const next = many(1);

      await time.forward(minute - 5_001);
      expect(sending(next)).toBe(0);
      await time.forward(7_000);
      expect(sending(next)).toBe(1);
    },
  );

  it("learns how far our clock is ahead, so that no further window is opened too early", async () => {
    const { time, one, rate } = open({ limit: 1 });
    const aheadMs = 3_000;
    let refused = 0;
    let [served, windowEndsAt] = [0, 0];
    for (let n = 0; n < 12; n += 1) {
      const asker = one();
      while (asker.state === "waits") await time.forward(100);
      if (time.now() >= windowEndsAt) [served, windowEndsAt] = [0, time.now() + minute];
      const answer = rate({ limit: 1, remaining: 0, resetInMs: windowEndsAt - time.now() - aheadMs });
      const full = (served += 1) > 1;
      if (full) refused += 1;
      asker.turn!.done(answer, full ? 1_000 : undefined);
    }

    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThanOrEqual(4);
  });

  it("is held up for no longer than a window by a clock that is set back by hours", async () => {
    const time = manualTime();
    let setBackMs = 0;
    const now = () => time.now() - setBackMs;
    const budgets = createBudgets({ limit: 1, now, setTimer: time.setTimer });
    ask(budgets, now);
    await time.forward(0);
    setBackMs = 5 * 3_600_000;
    const next = ask(budgets, now);

    await time.forward(minute + 1_000);
    expect(next.state).toBe("sends");
  });

  it("forgets companies that have long been idle, but none that is waited for", async () => {
    const { time, budgets, one, many, rate } = open();
    for (const budget of ["idle", "waiting"]) {
      const first = one({ budget });
      await time.forward(0);
      first.turn!.done(rate({ limit: 1, remaining: 0, resetInMs: minute }));
    }
    await time.forward(2 * minute);
    many(2, { budget: "waiting" });
    await time.forward(minute / 2);
    for (let n = 0; n < 2_000; n += 1) one({ budget: `company:${n}` });

    expect([budgets.look("idle").limit, budgets.look("waiting").limit]).toEqual([120, 1]);
  });

  it("forgets them by the clock alone, but for requests under way, and then keeps no timer", async () => {
    const sweep = manualTime();
    const { budgets, many, rate } = open({ now: sweep.now, setSweepTimer: sweep.setTimer });
    const [idle] = many(1, { budget: "idle" });
    const [first, slow] = many(2, { budget: "busy" });
    await sweep.forward(0);
    for (const asker of [idle, first]) asker!.turn!.done(rate({ limit: 60, remaining: 58 }));

    await sweep.forward(4 * minute);
    expect([budgets.look("idle").limit, budgets.look("busy").limit, sweep.timers()]).toEqual([120, 60, 1]);
    slow!.turn!.done(null);
    await sweep.forward(minute);
    expect([budgets.look("busy").limit, sweep.timers()]).toEqual([120, 0]);
  });

  it("refuses everyone who waits when it is closed", async () => {
    const { time, budgets, many } = open({ limit: 1 });
    const askers = many(3);
    await time.forward(0);
    budgets.close();
    await time.forward(0);

    expect(askers.map(({ state }) => state)).toEqual(["sends", "refused", "refused"]);
    expect(askers[2]!.error).toMatchObject({ code: "closed", outcome: "not_sent" });
    expect(time.timers()).toBe(0);
    const late = many(1);
    await time.forward(0);
    expect(late[0]!.error).toMatchObject({ code: "closed" });
  });

  it("gives the turns of attempts that never left to others", async () => {
    const { time, budgets, many } = open({ limit: 5 });
    for (let round = 0; round < 3; round += 1) {
      const unsent = many(5, { leaves: false });
      await time.forward(0);
      expect(sending(unsent)).toBe(5);
      for (const { turn } of unsent) turn!.done(null);
    }
    expect(budgets.look("company:1")).toMatchObject({ remaining: null, reset: null });
  });

  it("serves those who wait as soon as a turn comes back, once", async () => {
    const { time, many } = open({ limit: 2 });
    const [unsent] = many(2, { leaves: false });
    const waiting = many(2);
    await time.forward(0);
    for (let times = 0; times < 2; times += 1) unsent!.turn!.done(null);
    await time.forward(0);

    expect(sending(waiting)).toBe(1);
  });

  it("takes a turn back for nobody where Aircall says that the window is used up, or over", async () => {
    const { time, many, rate } = open({ limit: 3 });
    const [unsent, answered] = [many(2, { leaves: false }), many(1)];
    await time.forward(0);
    answered[0]!.turn!.done(rate({ limit: 3, remaining: 0, resetInMs: minute }));
    unsent[0]!.turn!.done(null);
    const waiting = many(4);
    await time.forward(0);
    expect(sending(waiting)).toBe(0);

    await time.forward(minute + 2_000);
    unsent[1]!.turn!.done(null);
    await time.forward(0);
    expect(sending(waiting)).toBe(3);
  });

  it("sends another to find out whether a window has begun when the first never left", async () => {
    const { time, many } = open({ limit: 10 });
    many(10);
    const [scout] = many(1, { leaves: false });
    const others = many(8);
    await time.forward(minute + 1_000);
    expect(scout!.state).toBe("sends");
    scout!.turn!.done(null);
    await time.forward(0);

    expect(sending(others)).toBe(1);
  });

  it("shares the count of other processes once it is known where they count", async () => {
    const asked: number[] = [];
    let known = false;
    const counter: SharedWindow = {
      ready: () => true,
      due: () => false,
      count({ asked: wanted, news }) {
        asked.push(wanted + news.uncounted);
        return Promise.resolve({ granted: true, used: 4, leftMs: minute, limit: "" });
      },
    };
    const { time, many } = open({ counter: () => (known ? counter : null) });
    many(3);
    await time.forward(0);
    expect(asked).toEqual([]);
    known = true;
    many(1);
    await time.forward(0);
    expect(asked).toEqual([4]);
  });

  it("tells of a wait in the context of the one who waited", async () => {
    const context = new AsyncLocalStorage<string>();
    const told: (string | undefined)[] = [];
    const listen = () => void told.push(context.getStore());
    subscribe("express-aircall:wait", listen);
    const { time, many, one } = open({ limit: 2 });
    many(2);
    for (const visitor of ["first", "second"]) context.run(visitor, () => one());
    await context.run("whose timer it is", () => time.forward(2 * minute));
    unsubscribe("express-aircall:wait", listen);

    expect(told).toEqual(["first", "second"]);
  });

  it("names the option that makes no sense", () => {
    expect(() => createBudgets({ limit: 0 })).toThrow("request limit");
  });
});
