import fc from "fast-check";
import { createBudgets } from "../../src/budget/budget";
import type { Lane } from "../../src/http/limiter";
import { ask, type Asker } from "./askers";
import { rounds } from "../support/promised";
import { manualTime } from "./manual-time";

const windowMs = 60_000;

type Step =
  | { readonly do: "ask"; readonly lane: Lane; readonly count: number; readonly leaves: boolean }
  | { readonly do: "abort" | "answer"; readonly which: number }
  | { readonly do: "pass"; readonly ms: number };

const steps = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant("ask" as const),
      lane: fc.constantFrom<Lane>("interactive", "bulk"),
      count: fc.integer({ min: 1, max: 15 }),
      leaves: fc.boolean(),
    }),
    fc.record({ do: fc.constantFrom("abort" as const, "answer" as const), which: fc.nat() }),
    fc.record({ do: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 40_000 }) }),
  ),
  { maxLength: 40 },
);

/** What Aircall would do: windows of a minute that begin with their first request. */
function aircall(limit: number, now: () => number) {
  let window = { endsAt: 0, used: 0 };
  let refused = 0;
  return {
    refused: () => refused,
    arrive() {
      if (now() >= window.endsAt) window = { endsAt: now() + windowMs, used: 0 };
      window.used += 1;
      if (window.used > limit) refused += 1;
      return { limit, remaining: Math.max(0, limit - window.used), resetAt: new Date(window.endsAt) };
    },
  };
}

function play(limit: number, answered: "at once" | "some time") {
  const time = manualTime();
  const budgets = createBudgets({ limit, now: time.now, setTimer: time.setTimer });
  const server = aircall(limit, time.now);
  const asked: Record<Lane, Asker[]> = { interactive: [], bulk: [] };
  const all: Asker[] = [];
  const answers: (() => void)[] = [];

  /** What has its turn is sent at once, or never. */
  async function settle(ms: number): Promise<void> {
    const until = time.now() + ms;
    do {
      await time.forward(Math.min(250, until - time.now()));
      for (const asker of all.filter(({ turn }) => turn)) {
        const { turn } = asker;
        const rate = asker.leaves ? server.arrive() : null;
        asker.turn = null;
        if (answered === "at once") turn!.done(rate);
        else answers.push(() => turn!.done(rate));
      }
    } while (time.now() < until);
  }

  async function step(one: Step): Promise<void> {
    if (one.do === "pass") return settle(one.ms);
    if (one.do === "answer") answers.splice(one.which % (answers.length || 1), 1)[0]?.();
    if (one.do === "abort") all[one.which % (all.length || 1)]?.abort();
    if (one.do === "ask") {
      const newcomers = Array.from({ length: one.count }, () =>
        ask(budgets, time.now, { lane: one.lane, leaves: one.leaves, deadlineMs: 1e9 }),
      );
      asked[one.lane].push(...newcomers);
      all.push(...newcomers);
    }
    await settle(0);
  }

  return { time, budgets, server, asked, all, step, settle };
}

describe("budget, whatever happens", () => {
  it("never sends more than the limit into one of Aircall's windows", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), steps, async (limit, script) => {
        const game = play(limit, "at once");
        for (const one of script) await game.step(one);
        expect(game.server.refused()).toBe(0);
      }),
      { numRuns: rounds(60, 150) },
    );
  });

  it("gives turns in the order of each lane, forgets nobody and keeps no timer for nobody", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 5, max: 60 }), steps, async (limit, script) => {
        const game = play(limit, "some time");
        for (const one of script) await game.step(one);
        await game.settle(30 * 60_000);

        for (const lane of Object.values(game.asked)) {
          const moments = lane.filter(({ state }) => state === "sends").map(({ sentAt }) => sentAt!);
          expect(moments).toEqual([...moments].sort((a, b) => a - b));
        }
        expect(game.all.filter(({ state }) => state === "waits")).toEqual([]);
        expect([game.time.timers(), game.budgets.look("company:1").queued]).toEqual([0, 0]);
      }),
      { numRuns: rounds(15, 40) },
    );
  });
});
