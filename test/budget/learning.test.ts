import { createBudgets } from "../../src/budget/budget";
import type { RateSnapshot } from "../../src/errors/errors";
import { ask, type Asker } from "./askers";
import { manualTime } from "./manual-time";

const minute = 60_000;
const nothing: RateSnapshot = { limit: null, remaining: null, resetAt: null };

type Headers = "never" | "reset on 429" | "limit on 429" | "all on 429" | "always";

/** An Aircall with windows of a minute, and a process that always has something to ask. */
function open(headers: Headers, settings: { limit: number; others?: number; lane?: "interactive" | "bulk" }) {
  const time = manualTime();
  const budgets = createBudgets({ now: time.now, setTimer: time.setTimer });
  const seen = { ok: 0, refused: 0 };
  let window = { endsAt: 0, used: 0 };
  let waiting: Asker[] = [];

  function headersOf(refused: boolean): RateSnapshot {
    const all = {
      limit: settings.limit,
      remaining: Math.max(0, settings.limit - window.used),
      resetAt: new Date(window.endsAt),
    };
    if (headers === "always") return all;
    if (!refused || headers === "never") return nothing;
    if (headers === "all on 429") return all;
    return headers === "limit on 429" ? { ...nothing, limit: all.limit } : { ...nothing, resetAt: all.resetAt };
  }

  function arrive({ turn }: Asker): () => void {
    if (time.now() >= window.endsAt) window = { endsAt: time.now() + minute, used: settings.others ?? 0 };
    window.used += 1;
    const refused = window.used > settings.limit;
    seen[refused ? "refused" : "ok"] += 1;
    const waitMs = headers === "all on 429" || headers === "reset on 429" ? window.endsAt - time.now() : minute;
    const rate = headersOf(refused);
    return () => turn!.done(rate, refused ? waitMs : undefined);
  }

  /** How many were served and refused in the next minutes. */
  async function pass(minutes: number): Promise<{ ok: number; refused: number }> {
    Object.assign(seen, { ok: 0, refused: 0 });
    for (let passed = 0; passed < minutes * minute; passed += 250) {
      while (waiting.length < 200) waiting.push(ask(budgets, time.now, { lane: settings.lane ?? "interactive" }));
      await time.forward(250);
      const sent = waiting.filter(({ state }) => state === "sends");
      waiting = waiting.filter(({ state }) => state === "waits");
      // Refusals overtake good answers.
      for (const answer of sent.map(arrive).reverse()) answer();
    }
    return { ...seen };
  }

  return { time, settings, budgets, pass };
}

describe("a budget whose limit is not named", () => {
  describe.each<Headers>(["never", "reset on 429", "limit on 429", "all on 429"])("but headers come %s", (headers) => {
    it.each([20, 60, 100])("sends into later windows what %d allow, and hardly more", async (limit) => {
      const { pass } = open(headers, { limit });
      const first = await pass(2.2);
      expect(first.refused).toBeLessThanOrEqual(120 - limit + 3);

      const later = await pass(10);
      expect(later.refused).toBeLessThanOrEqual(5);
      expect(later.ok).toBeGreaterThanOrEqual(6 * limit);
    });

    it("makes room for other apps of the company, and uses it again when they are gone", async () => {
      const { pass, settings } = open(headers, { limit: 100, others: 70 });
      await pass(3);
      const later = await pass(8);
      expect(later.refused).toBeLessThanOrEqual(6);
      settings.others = 0;
      await pass(12);

      expect((await pass(10)).ok).toBeGreaterThanOrEqual(7 * 90);
    });

    it("finds out that the limit was raised", async () => {
      const { pass, settings } = open(headers, { limit: 30 });
      await pass(4);
      settings.limit = 120;
      await pass(12);

      expect((await pass(5)).ok).toBeGreaterThanOrEqual(4 * 90);
    });

    it("walks as well", async () => {
      const { pass } = open(headers, { limit: 60, lane: "bulk" });
      await pass(3);
      const later = await pass(10);

      expect(later.refused).toBeLessThanOrEqual(5);
      expect(later.ok).toBeGreaterThanOrEqual(5 * 60);
    });
  });

  it("never goes beyond what is documented, as nobody says that it may", async () => {
    const { pass } = open("never", { limit: 120 });
    expect(await pass(6)).toMatchObject({ refused: 0 });
  });

  it("is remembered over many sweeps without a request, for only refusals would teach it again", async () => {
    const { pass, budgets, time } = open("never", { limit: 60 });
    await pass(3.2);
    const { limit } = budgets.look("company:1");
    expect(limit).toBeGreaterThanOrEqual(60);
    expect(limit).toBeLessThanOrEqual(64);

    await time.forward(40 * minute);
    ask(budgets, time.now, { budget: "company:2" });
    expect(budgets.look("company:1").limit).toBe(limit);
  });
});

describe("a budget whose limit every answer names", () => {
  it("goes by it, whatever is refused", async () => {
    const { pass } = open("always", { limit: 60, others: 20 });
    await pass(3);
    const later = await pass(6);

    expect(later.refused).toBeLessThanOrEqual(6);
    expect(later.ok).toBeGreaterThanOrEqual(5 * 40);
  });
});
