import { Admission } from "../../src/budget/admission";
import { Agreement } from "../../src/budget/agreement";
import { createClockSkew } from "../../src/budget/clock-skew";
import type { Question, Tally } from "../../src/budget/shared-window";
import { Window } from "../../src/budget/window";

const windowMs = 60_000;
const now = 1_000.5;
const tally: Tally = { granted: true, used: 7, leftMs: 30_000, limit: "60" };

/** The others' answer, and what they are asked for. */
function create(answer: Tally | null) {
  const asked: Question[] = [];
  const window = new Window({ limit: 10, windowMs, skew: createClockSkew(windowMs) });
  const admission = new Admission(window);
  const shared = {
    ready: () => true,
    due: () => false,
    count: (question: Question) => (asked.push(question), Promise.resolve(answer)),
  };
  const agreement = new Agreement({ budget: "company:1", window, shared, admission, now: () => now });
  return { agreement, window, admission, asked };
}

describe("the agreement of processes", () => {
  it("asks under whose name, how many, and tells what the others do not know", async () => {
    const { agreement, window, asked } = create(tally);
    expect(agreement.asking).toEqual({ interactive: false, bulk: false });
    window.spend(now);
    expect(await agreement.ask(3, 9)).toBe(tally);
    const news = { uncounted: 1, used: 0, leftMs: null, fresh: false, limit: null };
    expect(asked).toEqual([{ budget: "company:1", asked: 3, cap: 9, windowMs, news }]);
    expect(window.news(now).uncounted).toBe(0);
  });

  it("takes over what they answer", async () => {
    const { agreement, window, admission } = create(tally);
    await agreement.ask(3, 9);
    expect(window.at(now)).toEqual({ limit: 60, used: 7, leftMs: 30_000, windowMs });
    expect([window.share(), admission.hasAgreed]).toEqual([3 / 7, true]);
  });

  it("counts none of those that they did not grant as its own", async () => {
    const { agreement, window } = create({ ...tally, granted: false });
    await agreement.ask(3, 9);
    expect(window.share()).toBe(0);
  });

  it("keeps its news where nobody answers", async () => {
    const { agreement, window, admission } = create(null);
    window.spend(now);
    expect(await agreement.ask(1, 9)).toBeNull();
    expect([window.news(now).uncounted, admission.hasAgreed]).toEqual([1, false]);
  });

  it("lets nobody send until the window is over where it says so", async () => {
    const { agreement, window, asked } = create(tally);
    window.spend(now);
    window.learn({ limit: 90, remaining: 89, resetAt: new Date(21_000) }, now, now);
    await agreement.pause();
    const news = { uncounted: 0, used: 1_000_000, leftMs: 20_025, fresh: true, limit: "90" };
    expect(asked).toEqual([{ budget: "company:1", asked: 0, cap: 0, windowMs, news }]);
    expect(window.news(now)).toMatchObject({ uncounted: 1, fresh: false, limit: null });
  });
});
