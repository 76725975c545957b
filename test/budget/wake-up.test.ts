import { WakeUp } from "../../src/budget/wake-up";
import { manualTime } from "./manual-time";

function create() {
  const time = manualTime(0);
  const woken: number[] = [];
  return { time, wake: new WakeUp(time.setTimer, () => woken.push(time.now())), woken };
}

describe("the next time to look again", () => {
  it("is in whole milliseconds, no earlier than asked for, and never at once", async () => {
    const { wake, woken, time } = create();
    wake.in(1.2, 0);
    await time.forward(10);
    wake.in(0, 10);
    await time.forward(10);
    wake.in(-5, 20);
    await time.forward(10);
    expect(woken).toEqual([2, 11, 21]);
  });

  it("is the earliest that was asked for, by one timer", async () => {
    const { wake, woken, time } = create();
    wake.in(50, 0);
    wake.in(20, 0);
    await time.forward(5);
    wake.in(20, 5);
    wake.in(15, 5);
    expect(time.timers()).toBe(1);
    await time.forward(100);
    expect(woken).toEqual([20]);
  });

  it("keeps the timer it has where that is as early", () => {
    let set = 0;
    const wake = new WakeUp(
      () => ((set += 1), () => undefined),
      () => undefined,
    );
    wake.in(20, 0);
    wake.in(15, 5);
    expect(set).toBe(1);
    wake.in(14, 5);
    expect(set).toBe(2);
  });

  it("is never once it is cancelled, until it is asked for again", async () => {
    const { wake, woken, time } = create();
    wake.cancel();
    wake.in(10, 0);
    wake.cancel();
    expect(time.timers()).toBe(0);
    wake.in(30, 0);
    await time.forward(100);
    expect(woken).toEqual([30]);
  });
});
