import { budgetWords } from "../../../example-app/board/budget-words";

const idle = { remaining: null, queued: 0 };

describe("what the board says of the request budget", () => {
  it("is that nothing was spent, before the first request and after its window", () => {
    const reset = null;
    const lanes = { interactive: idle, bulk: idle };
    for (const limit of [null, 60]) {
      const { all, lanes: words } = budgetWords({ limit, remaining: null, reset, queued: 0, lanes });
      expect([all, words]).toEqual(["None was sent lately: all of them are left.", []]);
    }
  });

  it("is what is left in all and in each lane, and who waits", () => {
    const lanes = { interactive: { remaining: 30, queued: 0 }, bulk: { remaining: 0, queued: 8 } };
    const { all, lanes: words } = budgetWords({ limit: 60, remaining: 30, reset: new Date(), queued: 8, lanes });
    expect(all).toBe("30 of 60 are left this minute.");
    expect(words.map(({ left }) => left)).toEqual(["30", "0, 8 waiting"]);
  });
});
