import type { Grant } from "../../src/grants/grant";
import { GrantReading } from "../../src/grants/reading";
import { createClock, newGrant } from "../support/grants";

const grant = { ...newGrant({ app: "a" }), version: 1 };

/** A reading of what `stored` is at the time. */
function opened(app: string | null = null) {
  const clock = createClock();
  const found = { stored: grant as Grant | null, fails: false, reads: 0 };
  const seen: Grant[] = [];
  const find = () => {
    found.reads += 1;
    return found.fails ? Promise.reject(new Error("down")) : Promise.resolve(found.stored);
  };
  const reading = new GrantReading({ find, app, onRead: (one) => void seen.push(one), now: clock.now });
  return { reading, clock, found, seen };
}

describe("a grant as it was last read", () => {
  it("is read at the first question, and again once that is ten seconds ago", async () => {
    const { reading, clock, found, seen } = opened();
    expect(found.reads).toBe(0);
    expect(await Promise.all([reading.current(), reading.current()])).toEqual([grant, grant]);
    clock.pass(9_999);
    await reading.current();
    expect([found.reads, seen]).toEqual([1, [grant]]);
    clock.pass(1);
    found.stored = null;
    expect([await reading.current(), found.reads, seen.length]).toEqual([null, 2, 1]);
  });

  it("is read again whenever that is asked for, and then counts from there", async () => {
    const { reading, clock, found } = opened();
    await reading.current();
    clock.pass(9_000);
    await reading.again();
    clock.pass(9_000);
    await reading.current();
    expect(found.reads).toBe(2);
  });

  it("is read at once after a reading that failed", async () => {
    const { reading, found } = opened();
    found.fails = true;
    await expect(reading.current()).rejects.toThrow("down");
    found.fails = false;
    expect([await reading.current(), found.reads]).toEqual([grant, 2]);
  });

  it("may be what was found out otherwise, for the same ten seconds", async () => {
    const { reading, clock, found, seen } = opened();
    const newer = { ...grant, version: 2 };
    expect(await reading.remember(Promise.resolve(newer))).toBe(newer);
    clock.pass(9_999);
    expect([await reading.current(), found.reads, seen]).toEqual([newer, 0, []]);
    clock.pass(1);
    expect([await reading.current(), seen]).toEqual([grant, [grant]]);
  });

  it.each<[string, string | null, string | null, boolean]>([
    ["its own", "a", "a", true],
    ["another app's", "b", "a", false],
    ["of before grants knew their app", "a", null, true],
    ["where the app is not known", null, "a", true],
  ])("is one only for its app: %s", async (_what, app, of, is) => {
    const { reading, found, seen } = opened(app);
    found.stored = { ...grant, app: of };
    expect((await reading.current()) !== null).toBe(is);
    expect(seen).toHaveLength(is ? 1 : 0);
  });
});
