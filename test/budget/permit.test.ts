import { GivenPermit } from "../../src/budget/permit";

const rate = { limit: 60, remaining: 59, resetAt: null };

function give() {
  const told: unknown[] = [];
  const permit = new GivenPermit(
    { finish: (...what) => void told.push(what), giveBack: (given) => void told.push(given) },
    1_000,
    3,
  );
  return { permit, told };
}

describe("a permit", () => {
  it("tells who gave it what came of what was sent, once", () => {
    const { permit, told } = give();
    permit.sent();
    permit.done(rate, 5_000);
    permit.done(rate);
    expect(told).toEqual([[1_000, rate, 5_000]]);
  });

  it("is given back where nothing was sent, once, and cannot be used then", () => {
    const { permit, told } = give();
    permit.done(null);
    permit.sent();
    permit.done(null);
    expect(told).toEqual([permit]);
    expect([permit.at, permit.window]).toEqual([1_000, 3]);
  });
});
