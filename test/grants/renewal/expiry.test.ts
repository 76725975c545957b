import { freshForMs, isExpired, isExpiring } from "../../../src/grants/renewal/expiry";
import type { Tokens } from "../../../src/oauth/tokens";

const obtained = 1_000_000;
const tokens = (lifeMs: number | null): Tokens => ({
  accessToken: "a",
  refreshToken: "r",
  obtainedAt: new Date(obtained),
  expiresAt: lifeMs === null ? null : new Date(obtained + lifeMs),
});

describe("a token", () => {
  it("has expired from the moment it names", () => {
    expect([99, 100, 101].map((ms) => isExpired(tokens(100), obtained + ms))).toEqual([false, true, true]);
  });

  it.each([
    ["an hour: for its last minute", 3_600_000, 3_540_000],
    ["ten minutes: for its last minute", 600_000, 540_000],
    ["one minute: for its last six seconds", 60_000, 54_000],
  ])("is about to expire with a life of %s", (_what, lifeMs, fromMs) => {
    const seen = [fromMs - 1, fromMs, lifeMs, lifeMs + 1].map((ms) => isExpiring(tokens(lifeMs), obtained + ms));
    expect(seen).toEqual([false, true, true, true]);
  });

  it("without an end neither expires nor is about to", () => {
    expect([isExpired(tokens(null), 1e15), isExpiring(tokens(null), 1e15)]).toEqual([false, false]);
  });

  it("is fresh for five seconds, and not where its clock is ahead", () => {
    const fresh = [-1, 0, 1, 4_999, 5_000, 5_001].map((ms) => freshForMs(tokens(null), obtained + ms));
    expect(fresh).toEqual([0, 5_000, 4_999, 1, 0, 0]);
  });
});
