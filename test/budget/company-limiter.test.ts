import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { createClockSkew } from "../../src/budget/clock-skew";
import { CompanyLimiter } from "../../src/budget/company-limiter";
import type { Question, Tally } from "../../src/budget/shared-window";
import { ask, askMany, sending, type Wish } from "./askers";
import { manualTime } from "./manual-time";

const windowMs = 60_000;
const nothing = { limit: null, remaining: null, resetAt: null };

/** Counts for all processes; `used` are theirs and this one's. */
function createOthers() {
  const others = {
    used: 0,
    leftMs: windowMs,
    /** Null: they do not answer. */
    answering: true,
    isReady: true,
    isDue: false,
    /** Who asks with this cap gets no answer at all. */
    neverFor: null as number | null,
    limit: "",
    asked: [] as Question[],
    /** How many were asked for at once, each time. */
    counts: () => others.asked.map(({ asked }) => asked),
    ready: () => others.isReady,
    due: () => others.isDue,
    async count(question: Question): Promise<Tally | null> {
      others.asked.push(question);
      others.isDue = false;
      const { asked, cap, news } = question;
      await Promise.resolve();
      if (others.neverFor === cap) return new Promise(() => undefined);
      if (!others.answering) others.isReady = false;
      if (!others.answering) return null;
      others.used += news.uncounted;
      const granted = others.used + asked <= cap;
      if (granted) others.used += asked;
      return { granted, used: others.used, leftMs: others.leftMs, limit: others.limit };
    },
  };
  return others;
}

type Others = ReturnType<typeof createOthers>;

function open({ limit = 20, shared = createOthers() }: { limit?: number; shared?: Others | null } = {}) {
  const time = manualTime();
  const parts = { limit, windowMs, skew: createClockSkew(windowMs), now: time.now, setTimer: time.setTimer };
  const limiter = new CompanyLimiter("company:1", { ...parts, shared: () => shared });
  return {
    time,
    limiter,
    others: shared ?? createOthers(),
    one: (wish?: Wish) => ask(limiter, time.now, wish),
    many: (count: number, wish?: Wish) => askMany(count, limiter, time.now, wish),
  };
}

describe("a company's limiter, where processes count together", () => {
  it("asks for one, and for those who came meanwhile eight at a time", async () => {
    const { time, many, others } = open();
    const askers = many(20);
    await time.forward(0);
    expect(sending(askers)).toBe(20);
    expect(others.counts()).toEqual([1, 8, 8, 3]);
    expect(others.asked[0]).toMatchObject({ budget: "company:1", cap: 20, windowMs });
  });

  it("asks for each lane by its own cap, while the other's answer is not there", async () => {
    const { time, one, others } = open();
    const askers = [one({ lane: "bulk" }), one()];
    expect(others.asked.map(({ asked, cap }) => [asked, cap])).toEqual([
      [1, 10],
      [1, 20],
    ]);
    await time.forward(0);
    expect(sending(askers)).toBe(2);
  });

  it("sends nobody whom they do not grant it, and asks again after a twelfth of a window", async () => {
    const { time, one, others } = open();
    others.used = 20;
    const asker = one();
    await time.forward(4_999);
    expect([asker.state, others.counts()]).toEqual(["waits", [1]]);
    others.used = 0;
    await time.forward(1);
    expect([asker.state, others.counts()]).toEqual(["sends", [1, 1]]);
  });

  it("refuses whom they grant nothing and who cannot wait, as soon as they say so", async () => {
    const { time, one, others } = open();
    others.used = 20;
    const [hasty, patient] = [one({ deadlineMs: windowMs }), one({ deadlineMs: windowMs + 1 })];
    expect([hasty.state, patient.state]).toEqual(["waits", "waits"]);
    await time.forward(0);
    expect([hasty.state, patient.state]).toEqual(["refused", "waits"]);
    expect(hasty.error).toMatchObject({ code: "rate_limited", retryAfterMs: windowMs });
  });

  it("refuses such a one too where they had granted something before", async () => {
    const { time, one, others } = open();
    const first = one();
    await time.forward(0);
    first.turn!.done(nothing);
    others.used = 20;
    const hasty = one({ deadlineMs: 4_000 });
    expect(hasty.state).toBe("waits");
    await time.forward(0);
    expect(hasty.state).toBe("refused");
  });

  it("refuses nobody by the limit it assumes before they have answered, or where they do not", async () => {
    const [known, silent] = [open({ limit: 1 }), open({ limit: 1 })];
    known.others.limit = "60";
    silent.others.answering = false;
    for (const { time, many, others } of [known, silent]) {
      const askers = many(2, { deadlineMs: 30_000 });
      await time.forward(0);
      expect(askers.map(({ state }) => state)).toEqual(["sends", others === known.others ? "sends" : "waits"]);
    }
  });

  it("refuses nobody for whom it has kept a permit", async () => {
    const { time, many, one, others } = open();
    const unsent = many(2, { leaves: false });
    await time.forward(0);
    Object.assign(others, { used: 20, limit: "20" });
    one().abort();
    await time.forward(0);
    for (const { turn } of unsent) turn!.done(null);
    const hasty = [one({ deadlineMs: 1 }), one({ deadlineMs: 1, lane: "bulk" })];
    await time.forward(0);
    expect(hasty.map(({ state }) => state)).toEqual(["sends", "sends"]);
  });

  it("keeps what was granted to those who gave up, for the next who ask", async () => {
    const { time, many, limiter, others } = open();
    const left = many(3);
    for (const asker of left) asker.abort();
    await time.forward(0);
    expect(others.counts()).toEqual([1]);
    const next = many(2);
    await time.forward(0);
    expect([sending(next), others.counts(), limiter.look().remaining]).toEqual([2, [1, 1], 18]);
  });

  it("has what was granted to one lane used by the other, where nobody else waits", async () => {
    const { time, one, others } = open();
    others.used = 12;
    one();
    await time.forward(0);
    const [click, page] = [one(), one({ lane: "bulk" })];
    click.abort();
    await time.forward(0);
    expect([page.state, others.counts()]).toEqual(["sends", [1, 1]]);
  });

  it("has what was granted to a lane used by that lane first", async () => {
    const { time, one, others } = open();
    others.neverFor = 20;
    const [page, click] = [one({ lane: "bulk" }), one()];
    await time.forward(0);
    expect([page.state, click.state]).toEqual(["sends", "waits"]);
  });

  it("tells of a wait where somebody had to wait for more than their answer", async () => {
    const told: unknown[] = [];
    const listen = (event: unknown) => void told.push(event);
    subscribe("express-aircall:wait", listen);
    const { time, one, others } = open();
    one();
    await time.forward(0);
    others.used = 20;
    one();
    await time.forward(1_000);
    others.used = 0;
    await time.forward(4_000);
    unsubscribe("express-aircall:wait", listen);
    expect(told).toEqual([{ request: "GET /v1/calls", lane: "interactive", waitMs: 5_000 }]);
  });

  it("looks again when the first of both lanes may ask, and not while they are asked", async () => {
    const { time, one, many, others } = open();
    many(6);
    expect(time.timers()).toBe(0);
    await time.forward(0);
    Object.assign(others, { used: 20, leftMs: 3_000 });
    const asked = time.now();
    one().abort();
    await time.forward(0);
    one({ lane: "bulk" });
    const click = one();
    await time.forward(0);
    others.used = 0;
    await time.forward(4_000);
    expect(click.sentAt! - asked).toBe(3_000);
  });

  it("keeps a permit that was counted and never used", async () => {
    const { time, one, others } = open();
    const unsent = one({ leaves: false });
    await time.forward(0);
    unsent.turn!.done(null);
    const next = one();
    await time.forward(0);
    expect([next.state, others.counts()]).toEqual(["sends", [1]]);
  });

  it("has nobody send in any process once one was refused, and keeps no permits", async () => {
    const { time, one, many, others } = open();
    const [unsent, refused] = [one({ leaves: false }), one()];
    await time.forward(0);
    unsent.turn!.done(null);
    refused.turn!.done(nothing, 7_000);
    await time.forward(0);
    expect(others.asked.at(-1)).toMatchObject({
      asked: 0,
      cap: 0,
      news: { used: 1_000_000, leftMs: 7_000, fresh: true },
    });
    others.used = 1_000_000;
    const next = many(1);
    await time.forward(0);
    expect(sending(next)).toBe(0);
  });

  it("lets go what it can by itself while they do not answer, and asks when it is time to", async () => {
    const { time, many, others } = open();
    others.isReady = false;
    const askers = many(3);
    await time.forward(0);
    expect([sending(askers), others.counts()]).toEqual([3, []]);

    others.isDue = true;
    others.answering = false;
    many(1);
    expect(others.asked.map(({ asked, cap, news }) => [asked, cap, news.uncounted])).toEqual([[0, 0, 4]]);
    many(1);
    expect(others.counts()).toEqual([0]);
  });

  it("asks nobody to wait out a refusal who does not answer anyway", async () => {
    const { time, one, others } = open();
    const first = one();
    await time.forward(0);
    others.isReady = false;
    first.turn!.done(nothing, 1_000);
    expect(others.counts()).toEqual([1]);
  });

  it("serves those who wait as soon as the others are back", async () => {
    const { time, many, others } = open({ limit: 4 });
    const before = many(1);
    await time.forward(0);
    others.isReady = false;
    const askers = many(6);
    await time.forward(0);
    expect(sending([...before, ...askers])).toBe(4);
    others.isReady = others.isDue = true;
    others.used = 0;
    await time.forward(1_000);
    expect(sending(askers)).toBeGreaterThan(3);
  });
});

describe("a company's limiter", () => {
  /** Its window is used up, and its limit known. */
  async function full() {
    const opened = open({ limit: 10, shared: null });
    const [first, second] = opened.many(10);
    await opened.time.forward(0);
    first!.turn!.done(nothing);
    return { ...opened, second: second! };
  }
  const [noisy, ...others] = ["noisy", "b", "c", "d", "e"].map((session) => ({ session }));

  it("refuses who is overtaken and comes too late by that, as it finds out once a second", async () => {
    const { time, one, many, second } = await full();
    const waiting = many(10, { asker: noisy!, deadlineMs: 90_000 });
    const refused = () => waiting.filter(({ state }) => state === "refused").length;
    const overtake = async (n: number) => (one({ asker: others[n]! }), time.forward(0));
    await overtake(0);
    expect(refused()).toBe(1);
    await overtake(1);
    await time.forward(999);
    await overtake(2);
    await time.forward(1);
    one({ asker: noisy! });
    second.turn!.done(nothing);
    await time.forward(0);
    expect(refused()).toBe(1);
    await overtake(3);
    expect(refused()).toBe(4);
  });

  it("refuses a bulk request that interactive ones overtake, and none that another bulk request follows", async () => {
    for (const [lane, expected] of [
      ["interactive", "refused"],
      ["bulk", "waits"],
    ] as const) {
      const { time, one, many } = await full();
      const page = one({ lane: "bulk", deadlineMs: 70_000 });
      many(lane === "bulk" ? 5 : 4);
      await time.forward(1_000);
      expect(page.state).toBe("waits");
      one({ lane });
      await time.forward(0);
      expect(page.state).toBe(expected);
    }
  });

  it("promises a bulk request the tenth permit that interactive ones leave to it", async () => {
    for (const [clicks, expected] of [
      [9, "waits"],
      [8, "refused"],
    ] as const) {
      const { time, one, many } = await full();
      many(clicks);
      const page = one({ lane: "bulk", deadlineMs: 62_000 });
      await time.forward(0);
      expect(page.state).toBe(expected);
    }
  });

  it("lets nobody pass who has waited until a window that has begun by now", () => {
    let at = 1_000;
    const parts = { limit: 1, windowMs, skew: createClockSkew(windowMs), shared: () => null, now: () => at };
    const limiter = new CompanyLimiter("company:1", { ...parts, setTimer: () => () => undefined });
    ask(limiter, () => at);
    ask(limiter, () => at);
    at += 61_000;
    ask(limiter, () => at, { lane: "bulk" });
    expect(limiter.look().lanes).toMatchObject({ interactive: { queued: 0 }, bulk: { queued: 1 } });
  });

  it("owes bulk requests nothing for those that went while none waited", async () => {
    const { time, one, many } = await full();
    many(20);
    await time.forward(62_000);
    const page = one({ lane: "bulk" });
    // One goes first, for a second.
    await time.forward(60_500);
    expect(page.state).toBe("waits");
  });

  it("shows nothing of a window before there is one, and everybody who waits", async () => {
    const unknown = { remaining: null, queued: 0 };
    const lanes = { interactive: unknown, bulk: unknown };
    const { limiter, many } = await full();
    const fresh = open({ shared: null }).limiter;
    expect(fresh.look()).toEqual({ limit: 20, remaining: null, reset: null, queued: 0, lanes });
    many(2);
    many(1, { lane: "bulk" });
    expect(limiter.look()).toMatchObject({ queued: 3, lanes: { interactive: { queued: 2 }, bulk: { queued: 1 } } });
    expect(() => fresh.close()).not.toThrow();
  });

  it("refuses by what it assumes where nothing is under way that could teach it better", async () => {
    const { time, one } = open({ limit: 1, shared: null });
    const first = one();
    await time.forward(0);
    first.turn!.done(null);
    const hasty = one({ deadlineMs: 1_000 });
    await time.forward(0);
    expect(hasty.state).toBe("refused");
  });

  it("is idle since the last permit was asked for, but for one under way or waited for", async () => {
    const { time, limiter, one } = open({ limit: 1, shared: null });
    expect(limiter.idleSince).toBe(0);
    const first = one();
    const asked = time.now();
    expect(limiter.idleSince).toBeNull();
    await time.forward(10);
    first.turn!.done(nothing);
    expect(limiter.idleSince).toBe(asked);
    const waiting = one();
    expect(limiter.idleSince).toBeNull();
    waiting.abort();
    expect(limiter.idleSince).toBe(asked + 10);
  });

  it("has learnt what only refusals would teach again", async () => {
    const { time, limiter, many } = open({ shared: null });
    const [answered, refused] = many(2);
    await time.forward(0);
    answered!.turn!.done(nothing);
    expect(limiter.learnt).toBe(false);
    refused!.turn!.done(nothing, 1_000);
    expect(limiter.learnt).toBe(true);
  });

  it("learns nothing from an attempt without an answer", async () => {
    const { time, limiter, many } = open({ limit: 3, shared: null });
    const askers = many(3);
    const hasty = ask(limiter, time.now, { deadlineMs: 1_000 });
    await time.forward(0);
    askers[0]!.turn!.done(null);
    await time.forward(0);
    expect(hasty.state).toBe("waits");
    askers[1]!.turn!.done(nothing);
    await time.forward(0);
    expect(hasty.state).toBe("refused");
  });
});
