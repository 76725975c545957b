import { createRedisClock } from "../../src/redis/clock";

describe("the clock of Redis", () => {
  it("is said to be no further than it is, however long its answer takes, and behind by no more than that", async () => {
    const aheadMs = 5_000;
    let now = 0;
    async function ask() {
      now += 40;
      const said = String(now + aheadMs);
      now += 50;
      return Promise.resolve(said);
    }
    const said = await createRedisClock(ask, () => now).in(2_000, "key");
    expect(said).toBeLessThanOrEqual(now + aheadMs + 2_000);
    expect(said).toBeGreaterThanOrEqual(now + aheadMs + 2_000 - 50);
  });
});
