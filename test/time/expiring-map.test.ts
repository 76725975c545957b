import { createExpiringMap } from "../../src/time/expiring-map";
import { createClock } from "../support/grants";

describe("createExpiringMap", () => {
  it("lets go of what has ended when something is written, without a timer", () => {
    const clock = createClock();
    const map = createExpiringMap<WeakKey>(10, clock.now);
    map.set("short", {}, 1_000);
    map.set("long", {}, 120_000);
    clock.pass(60_000);

    map.set("new", {}, 1_000);
    clock.pass(-60_000);

    expect(Array.from(map.entries(), ([key]) => key)).toEqual(["long", "new"]);
  });

  it("holds as many entries as it may, and no more", () => {
    const map = createExpiringMap<number>(3, () => 0);
    for (let n = 0; n < 100; n += 1) map.set(`${n}`, n, 1);

    expect(Array.from(map.entries(), ([key]) => key)).toEqual(["97", "98", "99"]);
  });
});
