import { capOf, leftFor, waitOf, type WindowState } from "../../src/budget/bulk-cap";

const windowMs = 60_000;
const window = (used: number, leftMs: number, limit = 60): WindowState => ({ limit, used, leftMs, windowMs });

describe("what bulk requests may use of a window", () => {
  it("is half at its beginning, more as it passes, all but a twentieth until its end, and then all", () => {
    const capAfter = (passedMs: number) => capOf("bulk", window(0, windowMs - passedMs));
    expect([-1_000, 0, 1_000, 30_000, 54_000, 59_249, 59_250].map(capAfter)).toEqual([30, 30, 30, 45, 57, 57, 60]);
    expect(capOf("bulk", window(0, windowMs - 2_000))).toBe(31);
  });

  it("is one request at least", () => {
    expect(capOf("bulk", window(0, windowMs, 1))).toBe(1);
  });

  it("is no concern of interactive requests", () => {
    expect(capOf("interactive", window(0, windowMs))).toBe(60);
    expect([20, 60, 70].map((used) => leftFor("interactive", window(used, windowMs)))).toEqual([40, 0, 0]);
  });

  it("leaves room for what is not used yet", () => {
    expect([20, 30, 40].map((used) => leftFor("bulk", window(used, windowMs)))).toEqual([10, 0, 0]);
  });
});

describe("the wait for a permit", () => {
  it("is none while the window has room for those before and it", () => {
    expect(waitOf("interactive", window(50, 20_000), 9)).toBe(0);
    expect(waitOf("bulk", window(20, windowMs), 9)).toBe(0);
  });

  it("lasts to the next window, or the one after, where this one is full", () => {
    expect(waitOf("interactive", window(50, 20_000), 10)).toBe(20_000);
    expect(waitOf("interactive", window(50, 20_000), 69)).toBe(20_000);
    expect(waitOf("interactive", window(50, 20_000), 70)).toBe(80_000);
  });

  it("lasts for bulk until its place opens to it, in this window or another", () => {
    expect(waitOf("bulk", window(30, windowMs), 0)).toBe(2_000);
    expect(waitOf("bulk", window(30, 50_000), 14)).toBe(20_000);
    expect(waitOf("bulk", window(60, 20_000), 0)).toBe(20_000);
    expect(waitOf("bulk", window(60, 20_000), 44)).toBe(50_000);
    expect(waitOf("bulk", window(60, 20_000), 60)).toBe(80_000);
    expect(waitOf("bulk", window(60, 20_000), 104)).toBe(110_000);
  });

  it("lasts for the last twentieth until the very end of the window", () => {
    const waits = [56, 57, 59].map((used) => waitOf("bulk", window(used, windowMs), 0));
    expect(waits).toEqual([54_000, 59_250, 59_250]);
    expect(waitOf("bulk", window(19, windowMs, 20), 0)).toBe(59_250);
    expect(waitOf("bulk", window(9, windowMs, 10), 0)).toBe(59_250);
  });

  it("is none for the first of a window, however small", () => {
    expect(waitOf("bulk", window(0, windowMs, 1), 0)).toBe(0);
  });
});
