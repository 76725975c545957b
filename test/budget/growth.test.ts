import { Growth } from "../../src/budget/growth";

/** Windows that are all answered: how much is tried in each, as far as it is time to try. */
function valuesOver(growth: Growth, windows: number): number[] {
  return Array.from({ length: windows }, () => {
    growth.grow();
    const tried = growth.value;
    growth.windowOver();
    return tried;
  });
}

/** A window in which more was tried and refused. */
function refuseMore(growth: Growth, succeeded: number): void {
  growth.grow();
  growth.refused(succeeded);
  growth.windowOver();
}

describe("a limit that is tried out", () => {
  it("grows by 1, 2, 4, 8 from what succeeded, and no further than its ceiling", () => {
    const growth = new Growth(10, 30);
    expect(growth.value).toBe(10);
    expect(valuesOver(growth, 6)).toEqual([11, 13, 17, 25, 30, 30]);
    expect(growth.grow()).toBe(false);
    expect(new Growth(10, 30).grow()).toBe(true);
  });

  it("grows within one window too", () => {
    const growth = new Growth(10, 30);
    expect([growth.grow(), growth.grow(), growth.value]).toEqual([true, true, 13]);
  });

  it("goes back to what succeeded where more was refused, and rests for that window", () => {
    const growth = new Growth(10, 30);
    growth.grow();
    growth.refused(10);
    expect([growth.value, growth.grow()]).toEqual([10, false]);
  });

  it("begins with one again after a refusal", () => {
    const growth = new Growth(10, 100);
    valuesOver(growth, 3);
    growth.refused(12);
    growth.windowOver();
    expect(valuesOver(growth, 2)).toEqual([13, 15]);
  });

  it("rests for twice as many windows after each vain try, up to 64", () => {
    const growth = new Growth(10, 30);
    const rests = Array.from({ length: 8 }, () => {
      refuseMore(growth, 10);
      let windows = 0;
      for (; windows < 100 && !growth.grow(); windows += 1) growth.windowOver();
      return windows;
    });
    expect(rests).toEqual([1, 2, 4, 8, 16, 32, 64, 64]);
  });

  it("counts several refusals of one window as one", () => {
    const growth = new Growth(10, 30);
    refuseMore(growth, 10);
    growth.windowOver();
    growth.grow();
    growth.refused(9);
    growth.refused(10);
    growth.windowOver();
    expect(valuesOver(growth, 3)).toEqual([10, 10, 11]);
  });

  it("does not rest longer for a refusal of what had succeeded before", () => {
    const growth = new Growth(10, 30);
    growth.refused(8);
    growth.windowOver();
    expect(valuesOver(growth, 1)).toEqual([9]);
  });

  it("forgets its rests once a try was answered", () => {
    const growth = new Growth(10, 30);
    refuseMore(growth, 10);
    growth.windowOver();
    expect(valuesOver(growth, 1)).toEqual([11]);
    refuseMore(growth, 11);
    expect(valuesOver(growth, 2)).toEqual([11, 12]);
  });

  it("does not forget them in a window that tried nothing", () => {
    const growth = new Growth(10, 30);
    refuseMore(growth, 10);
    growth.windowOver();
    growth.windowOver();
    refuseMore(growth, 10);
    expect(valuesOver(growth, 3)).toEqual([10, 10, 11]);
  });

  it("is what another process found", () => {
    const growth = new Growth(10, 30);
    growth.grow();
    growth.set(20);
    expect(growth.value).toBe(20);
    growth.windowOver();
    expect(growth.value).toBe(20);
  });
});
