import { createCoolDowns } from "../../../src/grants/renewal/cool-down";
import { createClock } from "../../support/grants";

describe("cool-downs", () => {
  it("are twice as long after each failure, up to a minute", () => {
    const coolDowns = createCoolDowns(createClock().now);
    expect(Array.from({ length: 6 }, () => coolDowns.begin("a"))).toEqual([
      5_000, 10_000, 20_000, 40_000, 60_000, 60_000,
    ]);
    expect(coolDowns.begin("b")).toBe(5_000);
  });

  it("say what remains of them, and nothing once they are over", () => {
    const clock = createClock();
    const coolDowns = createCoolDowns(clock.now);
    expect(coolDowns.remainingMs("a")).toBe(0);
    coolDowns.begin("a");
    clock.pass(2_000);
    expect(coolDowns.remainingMs("a")).toBe(3_000);
    expect(coolDowns.remainingMs("b")).toBe(0);
    clock.pass(4_000);
    expect(coolDowns.remainingMs("a")).toBe(0);
  });

  it("begin again with the shortest after a success, or ten minutes without a failure", () => {
    const clock = createClock();
    const coolDowns = createCoolDowns(clock.now);
    coolDowns.begin("a");
    coolDowns.end("a");
    expect([coolDowns.remainingMs("a"), coolDowns.begin("a")]).toEqual([0, 5_000]);
    clock.pass(599_999);
    expect(coolDowns.begin("a")).toBe(10_000);
    clock.pass(600_000);
    expect(coolDowns.begin("a")).toBe(5_000);
  });
});
