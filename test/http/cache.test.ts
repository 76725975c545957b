import { createAnswered } from "../../src/http/response";
import { createCache } from "../../src/http/cache";

const rate = { limit: null, remaining: null, resetAt: null };
const answerOf = (length: number) =>
  createAnswered({ status: 200, headers: {}, rate, bytes: Buffer.alloc(length, " ") }, { parse: false });

describe("kept answers", () => {
  it("are the latest thousand", () => {
    const kept = createCache(() => 0);
    for (let i = 0; i <= 1_000; i++) kept.set(`k${i}`, answerOf(1));
    expect([kept.get("k0", 1), kept.get("k1", 1)?.bytes.length, kept.get("k1000", 1)?.bytes.length]).toEqual([
      undefined,
      1,
      1,
    ]);
  });

  it("take 16 MiB together, and none more than a quarter of it", () => {
    const kept = createCache(() => 0);
    const megabyte = answerOf(2 ** 20);
    for (let i = 0; i < 17; i++) kept.set(`k${i}`, megabyte);
    kept.set("huge", answerOf(2 ** 22 + 1));
    expect(["k0", "k1", "k16", "huge"].map((key) => kept.get(key, 1) !== undefined)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it("count a replaced one once", () => {
    const kept = createCache(() => 0);
    for (let i = 0; i < 100; i++) kept.set("same", answerOf(2 ** 20));
    kept.set("other", answerOf(1));
    expect(kept.get("same", 1)).toBeDefined();
  });

  it("are not handed out again by a clock that was set back", () => {
    let now = 3_600_000;
    const kept = createCache(() => now);
    kept.set("k", answerOf(1));
    expect(kept.get("k", 1_000)).toBeDefined();
    now = 0;
    expect(kept.get("k", 1_000)).toBeUndefined();
  });
});
