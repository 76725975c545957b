import { ClaimTable } from "../../../src/grants/stores/claim-table";
import { createClock } from "../../support/grants";

const ttlMs = 10_000;

function open() {
  const clock = createClock();
  return { clock, table: new ClaimTable(clock.now) };
}

describe("claims in memory", () => {
  it("that are renewed are their owner's still, and as old as they were", () => {
    const { clock, table } = open();
    table.claim("a", "ours", ttlMs);
    clock.pass(6_000);
    expect(table.renew("a", "ours", ttlMs)).toBe(true);
    clock.pass(6_000);
    expect(table.claim("a", "ours", ttlMs)).toEqual({ ours: true, ageMs: 12_000 });
    expect(table.claim("a", "theirs", ttlMs)).toEqual({ ours: false, ageMs: 12_000 });
  });

  it("are given back by their owner only", () => {
    const { clock, table } = open();
    table.claim("a", "ours", ttlMs);
    table.giveBack("a", "theirs");
    table.giveBack("b", "ours");
    expect(table.claim("a", "theirs", ttlMs).ours).toBe(false);
    table.giveBack("a", "ours");
    expect(table.claim("a", "theirs", ttlMs)).toEqual({ ours: true, ageMs: 0 });
    clock.pass(ttlMs);
    table.giveBack("a", "theirs");
    expect(table.claim("a", "ours", ttlMs).ours).toBe(true);
  });

  it("and their outcomes are read elsewhere as they stand, and until they end", () => {
    const { clock, table } = open();
    table.claim("a", "ours", ttlMs);
    table.claim("b", "theirs", 2 * ttlMs);
    table.settle("a", { grantId: "g" }, ttlMs);
    table.settle("b", { error: "e" }, 2 * ttlMs);
    const at = clock.now();
    clock.pass(ttlMs);
    const claims = [["b", { owner: "theirs", at, endsAt: at + 2 * ttlMs }]] as const;
    const outcomes = [["b", { outcome: { error: "e" }, endsAt: at + 2 * ttlMs }]] as const;
    expect([[...table.claims()], [...table.outcomes()]]).toEqual([claims, outcomes]);

    const other = new ClaimTable(clock.now);
    for (const [key, claim] of claims) other.putClaim(key, claim);
    for (const [key, outcome] of outcomes) other.putOutcome(key, outcome);
    expect(other.claim("b", "ours", ttlMs)).toEqual({ ours: false, ageMs: ttlMs });
    expect(other.outcome("b")).toEqual({ error: "e" });
    clock.pass(ttlMs);
    expect([other.claim("b", "ours", ttlMs).ours, other.outcome("b")]).toEqual([true, null]);
  });
});
