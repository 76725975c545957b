import { createClockSkew } from "../../src/budget/clock-skew";
import { type Agreed, Window } from "../../src/budget/window";
import type { RateSnapshot } from "../../src/errors/errors";

const windowMs = 60_000;
const start = 1_000_000;
const nothing: RateSnapshot = { limit: null, remaining: null, resetAt: null };

function open({ limit = 10, spent = 0 } = {}): Window {
  const window = new Window({ limit, windowMs, skew: createClockSkew(windowMs) });
  for (let n = 0; n < spent; n += 1) window.spend(start);
  return window;
}

/** As an answer's headers say it; a margin of 25 ms is added to the end. */
function rate({ limit, remaining, endsIn }: { limit?: number; remaining?: number; endsIn?: number }): RateSnapshot {
  const resetAt = endsIn === undefined ? null : new Date(start + endsIn - 25);
  return { limit: limit ?? null, remaining: remaining ?? null, resetAt };
}

function agreed(given: Partial<Agreed>): Agreed {
  return { used: 0, leftMs: windowMs, granted: 0, limit: "", ...given };
}

function used(window: Window, at = start): number {
  return window.at(at).used;
}

function endsIn(window: Window): number | null {
  const endsAt = window.endsAt();
  return endsAt === null ? null : endsAt - start;
}

/** So many of those who go at the start are answered, and then one is refused. */
function inferred(window: Window, succeeded: number, at = start): number {
  for (let n = 0; n < succeeded; n += 1) window.learn(nothing, at, at);
  window.refuse(null, { pauseMs: 5_000, sentAt: at, now: at });
  return window.limit.value;
}

describe("a window", () => {
  it("is empty, and has no end, before a request opens it", () => {
    const window = open();
    expect(window.at(start)).toEqual({ limit: 10, used: 0, leftMs: windowMs, windowMs });
    expect([window.endsAt(), window.windowsOver(), window.own(), window.share()]).toEqual([null, 0, 0, 1]);
    expect([window.usedByOthersBefore(), window.knowsLimit]).toEqual([0, false]);
  });

  it("lasts a second longer than Aircall's, from its first request, where nobody names its end", () => {
    const window = open();
    window.spend(start);
    window.spend(start + 500);
    expect(window.at(start + 60_999)).toEqual({ limit: 10, used: 2, leftMs: 1, windowMs });
    expect(window.own()).toBe(2);
    expect(window.at(start + 61_000)).toEqual({ limit: 10, used: 0, leftMs: windowMs, windowMs });
    expect([window.endsAt(), window.windowsOver(), window.own()]).toEqual([null, 1, 0]);
    window.at(start + 200_000);
    expect(window.windowsOver()).toBe(1);
  });

  it("shows no more used than it has room for", () => {
    expect(used(open({ spent: 12 }))).toBe(10);
  });

  it("leaves to the shared window what that has counted", () => {
    const window = open();
    window.spend(start, "counted");
    expect([window.own(), used(window), window.news(start).uncounted, endsIn(window)]).toEqual([1, 0, 0, 61_000]);
  });

  it("lasts no longer than a window once a clock is set back by more than that", () => {
    const window = open({ spent: 1 });
    expect(window.at(start - 59_000).leftMs).toBe(120_000);
    expect(window.at(start - 59_001)).toMatchObject({ leftMs: windowMs, used: 1 });
  });

  it.each<[string, (window: Window, now: number) => void]>([
    ["a request", (window, now) => window.spend(now)],
    ["one taken back", (window, now) => window.takeBack(0, now)],
    ["an answer", (window, now) => window.learn(nothing, now, now)],
    ["a refusal", (window, now) => window.refuse(null, { pauseMs: 1, sentAt: now, now })],
    ["what others say", (window, now) => window.agree(agreed({}), now)],
    ["a look at its news", (window, now) => window.news(now)],
  ])("makes room for the next one at %s", (_what, happens) => {
    const window = open({ spent: 1 });
    happens(window, start + 61_000);
    expect(window.windowsOver()).toBe(1);
  });
});

describe("a request that does not go", () => {
  it("makes room for another, and leaves no window open that nobody else opened", () => {
    const window = open({ spent: 2 });
    expect(window.takeBack(0, start)).toBe("free");
    expect([window.own(), used(window), window.news(start).uncounted, endsIn(window)]).toEqual([1, 1, 1, 61_000]);
    expect(window.takeBack(0, start)).toBe("free");
    expect([window.own(), used(window), window.endsAt()]).toEqual([0, 0, null]);
  });

  it("leaves a window open that Aircall has named", () => {
    const window = open({ spent: 1 });
    window.learn(rate({ endsIn: 20_000 }), start, start);
    expect(window.takeBack(0, start)).toBe("free");
    expect(endsIn(window)).toBe(20_000);
  });

  it("makes room for nobody where its window is over", () => {
    const window = open({ spent: 1 });
    expect(window.takeBack(0, start + 61_000)).toBe("gone");
    window.spend(start + 61_000);
    expect([window.takeBack(0, start + 61_000), window.own()]).toEqual(["gone", 1]);
  });

  it("makes room for nobody where Aircall says that so many were used", () => {
    const window = open({ spent: 3 });
    window.learn(rate({ remaining: 8 }), start, start);
    expect([window.takeBack(0, start), used(window)]).toEqual(["free", 2]);
    expect([window.takeBack(0, start), used(window), window.own()]).toEqual(["gone", 2, 1]);
  });

  it("is another's where the shared window has counted it", () => {
    const window = open();
    window.spend(start, "counted");
    window.agree(agreed({ used: 1 }), start);
    expect([window.takeBack(0, start), used(window), window.own()]).toEqual(["counted", 1, 0]);
  });
});

describe("an answer", () => {
  it("shows the limit, and which it is where it names one", () => {
    const window = open();
    window.learn(nothing, start, start);
    expect([window.knowsLimit, window.limit.value]).toEqual([true, 10]);
    window.learn(rate({ limit: 0 }), start, start);
    expect(window.limit.value).toBe(10);
    window.learn(rate({ limit: 60 }), start, start);
    expect([window.limit.value, window.limit.inferred]).toEqual([60, false]);
  });

  it("tells what others have used of an open window", () => {
    const window = open({ spent: 1 });
    window.learn(rate({ remaining: 3 }), start, start);
    expect(used(window)).toBe(7);
    window.learn(rate({ remaining: 5 }), start, start);
    expect(used(window)).toBe(7);
  });

  it("tells nothing of the window that is open, where it was sent before or there is none", () => {
    const window = open();
    window.learn(rate({ remaining: 3 }), start, start);
    expect(used(window)).toBe(0);
    window.spend(start);
    window.learn(rate({ remaining: 3 }), start - 1, start);
    expect(used(window)).toBe(1);
  });

  it("names the window's end, a margin later", () => {
    const window = open({ spent: 1 });
    window.learn(rate({ remaining: 6, endsIn: 20_000 }), start, start);
    expect([endsIn(window), used(window), window.windowsOver()]).toEqual([20_000, 4, 0]);
    window.learn(rate({ remaining: 4, endsIn: 25_000 }), start, start);
    expect([endsIn(window), used(window), window.windowsOver()]).toEqual([20_000, 6, 0]);
  });

  it("names one only where that is a second away, or more", () => {
    const window = open({ spent: 1 });
    window.learn(rate({ remaining: 2, endsIn: 999 }), start, start);
    expect([endsIn(window), used(window)]).toEqual([61_000, 1]);
    window.learn(rate({ remaining: 2, endsIn: 1_000 }), start, start);
    expect([endsIn(window), used(window)]).toEqual([1_000, 8]);
  });

  it("begins another window where it names an end more than half of one later", () => {
    const window = open({ spent: 3 });
    window.learn(rate({ endsIn: 20_000 }), start, start);
    window.learn(rate({ endsIn: 50_000 }), start, start);
    expect([endsIn(window), window.windowsOver()]).toEqual([20_000, 0]);
    window.learn(rate({ remaining: 9, endsIn: 50_001 }), start, start + 10);
    expect([endsIn(window), window.windowsOver(), used(window)]).toEqual([50_001, 1, 1]);
    expect(window.refuse(null, { pauseMs: 1, sentAt: start + 9, now: start + 10 })).toBe(false);
  });

  it("shows how far the clock here is ahead", () => {
    const window = open({ spent: 1 });
    window.learn(rate({ endsIn: -75 }), start, start);
    window.learn(rate({ endsIn: 20_000 }), start, start);
    expect(endsIn(window)).toBe(20_000 - 25 + 150);
  });
});

describe("a refusal", () => {
  it("lets nobody go while it asks to wait, and shows the limit", () => {
    const window = open({ spent: 2 });
    expect(window.refuse(null, { pauseMs: 5_000, sentAt: start, now: start })).toBe(true);
    expect([used(window), endsIn(window), window.knowsLimit]).toEqual([10, 5_000, true]);
    expect([window.takeBack(0, start), used(window)]).toEqual(["gone", 10]);
  });

  it("asks to wait for no longer than a window, and no shorter than to the end Aircall named", () => {
    const [unnamed, named] = [open({ spent: 1 }), open({ spent: 1 })];
    unnamed.refuse(null, { pauseMs: 90_000, sentAt: start, now: start });
    expect(endsIn(unnamed)).toBe(windowMs);
    named.refuse(rate({ endsIn: 20_000 }), { pauseMs: 5_000, sentAt: start, now: start });
    expect(endsIn(named)).toBe(20_000);
  });

  it("of a window that is over changes nothing of the next", () => {
    const window = open({ spent: 1 });
    expect(window.refuse(null, { pauseMs: 5_000, sentAt: start - 1, now: start })).toBe(false);
    expect([used(window), endsIn(window), window.knowsLimit]).toEqual([1, 61_000, true]);
  });

  it("names a limit that is tried out, as it may be another's part", () => {
    const window = open({ spent: 1 });
    window.refuse(rate({ limit: 0 }), { pauseMs: 1, sentAt: start, now: start });
    expect([window.limit.value, window.limit.inferred]).toEqual([10, false]);
    window.refuse(rate({ limit: 7 }), { pauseMs: 1, sentAt: start, now: start });
    expect([window.limit.value, window.limit.inferred]).toEqual([7, true]);
  });
});

describe("a limit that nobody names", () => {
  it("is how many were answered before the first was refused", () => {
    expect(inferred(open({ spent: 4 }), 2)).toBe(2);
    expect(inferred(open({ spent: 4 }), 0)).toBe(10);
  });

  it("is found too where the refusal comes first, whatever the later ones say", () => {
    const window = open({ spent: 4 });
    for (let n = 0; n < 2; n += 1) {
      window.refuse(rate({ remaining: 0 }), { pauseMs: 5_000, sentAt: start, now: start });
    }
    window.learn(nothing, start, start);
    window.learn(nothing, start, start);
    expect(window.limit.value).toBe(2);
  });

  it("counts no answer to what was sent before, or while no window was open", () => {
    const window = open();
    window.learn(nothing, start, start);
    window.spend(start);
    window.learn(nothing, start - 1, start);
    expect(inferred(window, 0)).toBe(10);
  });

  it("is as large a part for the other processes as for this one", () => {
    const window = open();
    for (let n = 0; n < 4; n += 1) window.spend(start, "counted");
    window.agree(agreed({ used: 8 }), start);
    expect(inferred(window, 3)).toBe(6);
  });

  it("is one at least, and what others used where nothing is under way here", () => {
    const [most, others] = [open({ spent: 1 }), open()];
    for (let n = 0; n < 4; n += 1) most.spend(start, "counted");
    expect(inferred(most, 1)).toBe(1);
    others.agree(agreed({ used: 5 }), start);
    expect(inferred(others, 1)).toBe(5);
  });

  it("is found anew in each window", () => {
    const window = open({ spent: 4 });
    expect(inferred(window, 3)).toBe(3);
    const next = start + 61_000;
    for (let n = 0; n < 4; n += 1) window.spend(next);
    window.learn(nothing, next, next);
    expect(window.limit.value).toBe(3);
    window.refuse(null, { pauseMs: 5_000, sentAt: next, now: next });
    expect(window.limit.value).toBe(1);
  });
});

describe("what other processes say", () => {
  it("opens a window here", () => {
    const window = open();
    window.agree(agreed({ used: 4, leftMs: 20_000 }), start);
    expect([used(window), endsIn(window), window.windowsOver()]).toEqual([4, 20_000, 0]);
    expect(window.refuse(null, { pauseMs: 1, sentAt: start - 1, now: start })).toBe(false);
  });

  it("counts beside what they do not know of", () => {
    const window = open({ spent: 2 });
    window.agree(agreed({ used: 4, leftMs: 20_000 }), start);
    expect([used(window), endsIn(window), window.windowsOver()]).toEqual([6, 20_000, 0]);
  });

  it("begins another window where theirs lasts half of one longer", () => {
    const window = open({ spent: 2 });
    window.learn(rate({ endsIn: 20_000 }), start, start);
    window.agree(agreed({ leftMs: 50_000 }), start);
    expect([window.windowsOver(), endsIn(window)]).toEqual([0, 50_000]);
    window.learn(rate({ endsIn: 20_000 }), start, start);
    window.agree(agreed({ used: 1, leftMs: 20_000 }), start);
    window.agree(agreed({ used: 1, leftMs: 50_001 }), start);
    expect([window.windowsOver(), endsIn(window), used(window)]).toEqual([1, 50_001, 1]);
  });

  it("teaches the limit once", () => {
    const window = open();
    window.agree(agreed({ limit: "" }), start);
    expect(window.knowsLimit).toBe(false);
    window.agree(agreed({ limit: "60" }), start);
    expect([window.knowsLimit, window.limit.value, window.news(start).limit]).toEqual([true, 60, null]);
  });

  it("shows this process's part, of this window and the last", () => {
    const window = open();
    window.agree(agreed({}), start);
    expect(window.share()).toBe(1);
    window.spend(start, "counted");
    window.agree(agreed({ used: 8, granted: 1 }), start);
    expect(window.share()).toBe(2 / 8);
    window.spend(start, "counted");
    const next = start + windowMs;
    expect(used(window, next)).toBe(0);
    expect(window.usedByOthersBefore()).toBe(6);
    window.agree(agreed({ used: 4 }), next);
    expect(window.share()).toBe(2 / 12);
    window.agree(agreed({ used: 30 }), next);
    expect(window.share()).toBe(2 / 18);
    window.agree(agreed({ used: 1, granted: 12 }), next);
    expect(window.share()).toBe(1);
  });

  it("counts none of more than there was room for as another's", () => {
    const [all, own] = [open({ limit: 2 }), open({ spent: 12 })];
    all.agree(agreed({ used: 9 }), start);
    for (const window of [all, own]) window.at(start + 61_000);
    expect([all.usedByOthersBefore(), own.usedByOthersBefore()]).toEqual([2, 0]);
  });
});

describe("the news for other processes", () => {
  it("are what they have not counted, and no end that nobody named", () => {
    const window = open({ spent: 2 });
    expect(window.news(start)).toEqual({ uncounted: 2, used: 0, leftMs: null, fresh: false, limit: null });
    window.agree(agreed({ used: 5, leftMs: 20_000 }), start);
    expect(window.news(start)).toEqual({ uncounted: 2, used: 5, leftMs: null, fresh: false, limit: null });
  });

  it("are the end that Aircall named, as long as it is a second away", () => {
    const window = open({ spent: 1 });
    window.learn(rate({ endsIn: 20_000 }), start, start);
    expect(window.news(start + 0.5)).toMatchObject({ leftMs: 20_000, fresh: true });
    expect(window.news(start + 19_000)).toMatchObject({ leftMs: 1_000, fresh: true });
    expect(window.news(start + 19_001)).toMatchObject({ leftMs: null, fresh: false });
  });

  it("are told once, until Aircall says more", () => {
    const window = open({ spent: 1 });
    window.learn(rate({ limit: 60, remaining: 50, endsIn: 20_000 }), start, start);
    const news = window.news(start);
    expect(news).toEqual({ uncounted: 1, used: 9, leftMs: 20_000, fresh: true, limit: "60" });
    window.told({ ...news, fresh: false });
    expect(window.news(start)).toEqual({ uncounted: 0, used: 10, leftMs: 20_000, fresh: true, limit: null });
    window.told(window.news(start));
    window.learn(rate({ remaining: 50, endsIn: 20_000 }), start, start);
    expect(window.news(start)).toMatchObject({ fresh: false, limit: null });
    window.learn(rate({ remaining: 49, endsIn: 20_000 }), start, start);
    expect(window.news(start)).toMatchObject({ used: 11, fresh: true });
  });

  it("are less than nothing for nobody", () => {
    const window = open({ spent: 3 });
    const news = window.news(start);
    const next = start + 61_000;
    window.spend(next);
    window.told(news);
    expect(window.news(next).uncounted).toBe(0);
  });

  it("are in each window a limit that is named, and once one that was found", () => {
    const [named, found] = [open({ spent: 1 }), open({ spent: 2 })];
    named.learn(rate({ limit: 60 }), start, start);
    inferred(found, 1);
    const limits = (at: number) => [named, found].map((window) => window.news(at).limit);
    expect(limits(start)).toEqual(["60", "~1"]);
    for (const window of [named, found]) window.told(window.news(start));
    expect(limits(start)).toEqual([null, null]);
    expect(limits(start + 61_000)).toEqual(["60", null]);
  });
});
