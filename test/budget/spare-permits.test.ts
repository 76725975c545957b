import { createClockSkew } from "../../src/budget/clock-skew";
import { SparePermits } from "../../src/budget/spare-permits";
import { Window } from "../../src/budget/window";

const windowMs = 60_000;

function create() {
  const window = new Window({ limit: 10, windowMs, skew: createClockSkew(windowMs) });
  window.agree({ used: 5, leftMs: windowMs, granted: 0, limit: "" }, 0);
  return new SparePermits(window);
}

describe("spare permits", () => {
  it("are none before any is kept", () => {
    const spare = create();
    expect([spare.left(0), spare.take(0)]).toEqual([0, undefined]);
  });

  it("are those of others' turns that nobody used, each for one who asks", () => {
    const spare = create();
    spare.keep(2, 0);
    spare.keep(1, 10);
    expect([spare.left(20), spare.take(20), spare.left(20)]).toEqual([3, "counted", 2]);
    expect([spare.take(20), spare.take(20), spare.take(20), spare.left(20)]).toEqual([
      "counted",
      "counted",
      undefined,
      0,
    ]);
  });

  it("end with their window", () => {
    const spare = create();
    spare.keep(2, 0);
    expect([spare.left(windowMs - 1), spare.left(windowMs), spare.take(windowMs)]).toEqual([2, 0, undefined]);
    spare.keep(1, windowMs);
    expect(spare.left(windowMs)).toBe(1);
  });

  it("are none once they are dropped", () => {
    const spare = create();
    spare.keep(2, 0);
    spare.drop();
    expect(spare.left(0)).toBe(0);
  });
});
