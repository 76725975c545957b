import { createPostgresClock } from "../../../../src/grants/stores/postgres/clock";
import { createClock } from "../../../support/grants";

describe("the clock of a database, as its answers tell it", () => {
  function start() {
    const here = createClock(1_000);
    return { here, clock: createPostgresClock(here.now) };
  }

  it("is unknown until an answer said it, and once it was forgotten", () => {
    const { clock } = start();
    expect(clock.in(0)).toBeNull();
    clock.learn(5_000);
    expect(clock.in(0)).toBe(5_000);
    clock.forget();
    expect(clock.in(0)).toBeNull();
    clock.learn(4_000);
    expect(clock.in(0)).toBe(4_000);
  });

  it("goes on with the time here, in whole milliseconds and rather too early", () => {
    const { here, clock } = start();
    clock.learn(5_000.6);
    here.pass(250);
    expect(clock.in(100)).toBe(5_350);
  });

  it("is the latest that several answers said", () => {
    const { here, clock } = start();
    clock.learn(5_000);
    clock.learn(4_900);
    expect(clock.in(0)).toBe(5_000);
    clock.learn(5_100);
    expect(clock.in(0)).toBe(5_100);
    here.pass(100);
    clock.learn(5_150);
    expect(clock.in(0)).toBe(5_200);
  });

  it("is taken from no answer that says none", () => {
    const { clock } = start();
    clock.learn(NaN);
    clock.learn(Infinity);
    expect(clock.in(0)).toBeNull();
    clock.learn(5_000);
    clock.learn(Infinity);
    expect(clock.in(0)).toBe(5_000);
  });

  it("is unknown again ten minutes after it was learnt, and then told by any answer", () => {
    const { here, clock } = start();
    clock.learn(5_000);
    here.pass(599_999);
    expect(clock.in(0)).toBe(604_999);
    here.pass(1);
    expect(clock.in(0)).toBeNull();
    clock.learn(4_000);
    expect(clock.in(0)).toBe(4_000);
    here.pass(599_999);
    expect(clock.in(0)).toBe(603_999);
  });
});
