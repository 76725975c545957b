import { aheadInBoth, goesByShare, LaneShares } from "../../src/budget/lane-shares";

function afterPermits(interactive: number, bulk = 0): LaneShares {
  const shares = new LaneShares();
  for (let n = 0; n < interactive; n += 1) shares.went("interactive");
  for (let n = 0; n < bulk; n += 1) shares.went("bulk");
  return shares;
}

describe("what is owed to bulk requests", () => {
  it("is one for every nine interactive ones that went", () => {
    expect([0, 8, 9, 17, 18].map((count) => afterPermits(count).owed())).toEqual([0, 0, 1, 1, 2]);
  });

  it("is paid by each bulk request that goes, and none is paid ahead", () => {
    expect(afterPermits(20, 1).owed()).toBe(1);
    const shares = afterPermits(5, 3);
    for (let n = 0; n < 9; n += 1) shares.went("interactive");
    expect(shares.owed()).toBe(1);
  });

  it("is what other processes used of the last window too, but for what bulk had here", () => {
    const owedAfter = (usedByOthers: number, shares = new LaneShares()) => {
      shares.windowOver(usedByOthers);
      return shares.owed();
    };
    expect([9, 10, 30].map((used) => owedAfter(used))).toEqual([0, 1, 3]);
    expect(owedAfter(30, afterPermits(0, 2))).toBe(1);
    expect(owedAfter(10, afterPermits(27))).toBe(3);
  });

  it("is counted anew in each window", () => {
    const shares = afterPermits(0, 2);
    shares.windowOver(0);
    shares.windowOver(20);
    expect(shares.owed()).toBe(2);
  });
});

describe("who goes before a request", () => {
  it("is every tenth of bulk's before an interactive one, as far as they wait", () => {
    const ahead = (count: number, bulk: number) => aheadInBoth("interactive", count, { interactive: 50, bulk });
    expect([ahead(8, 5), ahead(9, 5), ahead(18, 1), ahead(18, 0)]).toEqual([8, 10, 19, 18]);
  });

  it("are nine interactive ones before each of bulk's, as far as they wait", () => {
    const ahead = (count: number, interactive: number) => aheadInBoth("bulk", count, { interactive, bulk: 5 });
    expect([ahead(0, 50), ahead(2, 50), ahead(2, 4)]).toEqual([9, 29, 6]);
  });

  it("lets those of bulk go by their share whose nine wait", () => {
    const byShare = (count: number, interactive: number) => goesByShare(count, { interactive, bulk: 5 });
    expect([byShare(0, 8), byShare(0, 9), byShare(1, 17), byShare(1, 18)]).toEqual([false, true, false, true]);
  });
});
