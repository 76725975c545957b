import { createBudgets } from "../../src/budget/budget";
import type { SharedWindow } from "../../src/budget/shared-window";
import type { Asker as Client } from "../../src/http/limiter";
import { ask, askMany, sending, type Asker, type Wish } from "./askers";
import { manualTime } from "./manual-time";

const minute = 60_000;

function open(limit = 120) {
  const time = manualTime();
  const budgets = createBudgets({ limit, now: time.now, setTimer: time.setTimer });
  /** Lets time pass and answers whatever was sent. */
  async function run(ms: number, askers: () => readonly Asker[]): Promise<void> {
    for (let passed = 0; passed < ms; passed += 250) {
      await time.forward(250);
      for (const asker of askers()) {
        asker.turn?.done(null);
        asker.turn = null;
      }
    }
  }

  return {
    time,
    budgets,
    run,
    one: (wish?: Wish) => ask(budgets, time.now, wish),
    many: (count: number, wish?: Wish) => askMany(count, budgets, time.now, wish),
  };
}

const unnamed = { limit: null, remaining: null, resetAt: null };
const request = (session: string | null = null): Client => ({ session });

describe("a budget among several", () => {
  it.each<[string, () => { noisy: Client; quiet: Client }]>([
    ["session", () => ({ noisy: request("noisy"), quiet: request("quiet") })],
    ["request of the same session", () => ({ noisy: request("a"), quiet: request("a") })],
    ["request, where there are no sessions", () => ({ noisy: request(), quiet: request() })],
  ])("serves a quiet %s in the next window, however many a noisy one waits with", async (_what, who) => {
    const { many, one, run } = open();
    const { noisy, quiet } = who();
    const flood = many(420, { asker: noisy });
    const click = one({ asker: quiet });
    await run(minute + 2_000, () => [...flood, click]);

    expect(click.state).toBe("sends");
    expect(click.sentAt! - flood[0]!.sentAt!).toBeLessThanOrEqual(minute + 1_250);
    expect(sending(flood)).toBe(239);
  });

  it("serves ten tabs alike, though one has asked for most", async () => {
    const { many, run } = open(60);
    const tabs = Array.from({ length: 10 }, (_, n) => many(n === 0 ? 300 : 12, { asker: request(`tab ${n}`) }));
    const asked = tabs.map(sending);
    await run(2 * minute, () => tabs.flat());

    for (const [n, tab] of tabs.entries()) expect(sending(tab) - asked[n]!).toBeGreaterThanOrEqual(6);
  });

  it("does not count a session's requests as so many sessions", async () => {
    const { many, run } = open(60);
    many(60);
    const noisy = Array.from({ length: 100 }, () => many(1, { asker: request("noisy") })).flat();
    const quiet = many(25, { asker: request("quiet") });
    await run(minute + 2_000, () => [...noisy, ...quiet]);

    expect(sending(quiet)).toBe(25);
    expect(sending(noisy)).toBe(35);
  });

  it("tells a quiet one how long it has to wait, not how long the noisy one has", async () => {
    const { many, one, time } = open(60);
    const asker = request("noisy");
    const [first] = many(600, { asker });
    await time.forward(minute / 2);
    first!.turn!.done(unnamed);
    const quiet = one({ asker: request("quiet"), deadlineMs: 35_000 });
    const noisy = one({ asker, deadlineMs: 35_000 });
    await time.forward(0);

    expect(quiet.state).toBe("waits");
    expect(noisy.error!.retryAfterMs).toBeGreaterThan(8 * minute);
  });

  it("refuses those of a noisy one who can no longer be served in time", async () => {
    const { many, one, time } = open(10);
    const [first] = many(10);
    await time.forward(0);
    first!.turn!.done(unnamed);
    const noisy = many(10, { asker: request("noisy"), deadlineMs: 1.5 * minute });
    await time.forward(5_000);
    const quiet = Array.from({ length: 9 }, (_, n) => one({ asker: request(`quiet ${n}`), deadlineMs: 1.5 * minute }));
    await time.forward(0);

    expect(quiet.map(({ state }) => state)).toEqual(Array(9).fill("waits"));
    expect(noisy.at(-1)!.error).toMatchObject({ code: "rate_limited" });
  });

  it("lets ten screen pops a minute through at once, beside a backfill that asks for all there is", async () => {
    const { many, one, run, time } = open();
    const asked: { at: number; pop: Asker }[] = [];
    const walk: Asker[] = [];
    for (let second = 0; second < 600; second += 1) {
      if (second % 6 === 0) asked.push({ at: time.now(), pop: one() });
      walk.push(...many(2, { lane: "bulk" }));
      await run(1_000, () => [...walk, ...asked.map(({ pop }) => pop)]);
    }
    const waits = asked.map(({ at, pop }) => (pop.sentAt ?? Infinity) - at).sort((one, other) => one - other);
    expect(waits).toHaveLength(100);
    expect(waits[94]).toBeLessThanOrEqual(500);
    expect(sending(walk)).toBeGreaterThan(900);
  });

  it("has a place left for a quiet one where a noisy one has taken all", async () => {
    const { many, one, time } = open(60);
    many(60);
    const asker = request("noisy");
    const noisy = many(1_000, { asker });
    const [quiet, oneMore] = [one({ asker: request("quiet") }), one({ asker })];
    await time.forward(0);

    expect(quiet.state).toBe("waits");
    expect(oneMore.error).toMatchObject({ code: "rate_limited" });
    expect(noisy.at(-1)!.error).toMatchObject({ code: "rate_limited" });
    expect(noisy.filter(({ state }) => state === "waits")).toHaveLength(999);
  });

  it("has a place left for somebody who waits where walks have taken all", async () => {
    const { many, one, time } = open(60);
    many(60);
    const walks = many(1_000, { lane: "bulk" });
    const [click, page] = [one(), one({ lane: "bulk" })];
    await time.forward(0);

    expect([click.state, page.state]).toEqual(["waits", "refused"]);
    expect(walks.at(-1)!.state).toBe("refused");
  });

  it.each([
    ["that floods it", 300],
    ["that keeps it full", 130],
  ])("leaves bulk requests five in a hundred turns at least under interactive load %s", async (_load, perWindow) => {
    const { many, run } = open();
    const clicks = many(perWindow);
    const walk = many(100, { lane: "bulk" });
    const before = sending(walk);
    for (let window = 0; window < 4; window += 1) {
      await run(minute, () => [...clicks, ...walk]);
      clicks.push(...many(perWindow));
    }
    const all = sending(clicks) + sending(walk);

    expect(sending(walk) - before).toBeGreaterThanOrEqual(0.05 * all);
    expect(sending(clicks)).toBeGreaterThanOrEqual(0.85 * all);
  });

  it("leaves bulk requests their share where interactive ones come one by one", async () => {
    const { many, one, run } = open(60);
    const clicks = many(60);
    const walk = many(30, { lane: "bulk" });
    for (let n = 0; n < 600; n += 1) {
      clicks.push(one());
      await run(250, () => [...clicks.slice(-80), ...walk]);
    }

    expect(sending(walk)).toBeGreaterThanOrEqual(0.05 * (sending(clicks) + sending(walk)));
  });

  it("leaves bulk requests their share of what other processes use", async () => {
    // They have used two thirds of each window before anybody here asks, and the rest two seconds later.
    const others = { endsAt: 0, used: 0 };
    const time = manualTime();
    const counter: SharedWindow = {
      ready: () => true,
      due: () => false,
      count({ asked, cap, news }) {
        const now = time.now();
        if (now >= others.endsAt) Object.assign(others, { endsAt: now + minute, used: 40 });
        if (now >= others.endsAt - 58_000) others.used = 60;
        others.used += news.uncounted;
        const granted = others.used + asked <= cap;
        if (granted) others.used += asked;
        return Promise.resolve({ granted, used: others.used, leftMs: others.endsAt - now, limit: "" });
      },
    };
    const budgets = createBudgets({ limit: 60, counter: () => counter, now: time.now, setTimer: time.setTimer });
    const walk = askMany(100, budgets, time.now, { lane: "bulk" });
    for (let passed = 0; passed < 5 * minute; passed += 250) {
      await time.forward(250);
      for (const { turn } of walk) turn?.done(null);
    }

    expect(sending(walk)).toBeGreaterThanOrEqual(4 * 60 * 0.05);
  });

  it("promises a bulk request its share, where its deadline allows no more", async () => {
    const { many, one, time } = open(60);
    many(60);
    many(600);
    const page = one({ lane: "bulk", deadlineMs: 1.2 * minute });
    await time.forward(0);

    expect(page.state).toBe("waits");
  });
});
