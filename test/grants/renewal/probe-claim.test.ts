import { memoryGrants } from "express-aircall";
import type { Grant } from "../../../src/grants/grant";
import { createProbeClaims } from "../../../src/grants/renewal/probe-claim";
import type { ClaimOutcome } from "../../../src/grants/store";
import { createClock, newGrant, start } from "../../support/grants";

const grant: Grant = { ...newGrant(), version: 1 };
const anHourMs = 3_600_000;

/** Two processes that may ask about one token; `sleep` is told how long a pause is. */
function opened(sleep: (ms: number) => unknown = () => undefined) {
  const clock = createClock();
  const store = memoryGrants({ now: clock.now });
  const pauses: number[] = [];
  const pause = async (ms: number) => void (pauses.push(ms), await sleep(ms));
  const [claim, theirs] = [1, 2].map(() => createProbeClaims({ store, now: clock.now, sleep: pause }));
  return { clock, store, pauses, claim: claim!, theirs: theirs! };
}

describe("a claim to ask Aircall about a token", () => {
  it.each<[string, Grant, number]>([
    ["a minute, less a second", grant, 59_000],
    ["a quarter of an hour, once it was refused for an hour", { ...grant, refusedAt: new Date(start) }, 899_000],
  ])("is one process's for %s", async (_, asked, claimedMs) => {
    const { clock, claim, theirs } = opened();
    if (asked.refusedAt) clock.pass(anHourMs);
    expect([(await claim("id", asked)).ours, (await theirs("id", asked)).ours]).toEqual([true, false]);
    clock.pass(claimedMs - 1);
    expect((await theirs("id", asked)).ours).toBe(false);
    clock.pass(1);
    expect((await theirs("id", asked)).ours).toBe(true);
  });

  it("is one for each grant and token, whatever the version, and shows no token", async () => {
    const { store, claim, theirs } = opened();
    const claims = jest.spyOn(store, "claim");
    await claim("id", grant);
    expect((await theirs("id", { ...grant, version: 2 })).ours).toBe(false);
    expect((await theirs("other", grant)).ours).toBe(true);
    expect((await theirs("id", { ...grant, accessToken: "other" })).ours).toBe(true);
    const [key] = claims.mock.calls[0]!;
    expect(key).toMatch(/^id:probe:[\w-]+$/);
    expect(key).not.toContain(grant.accessToken);
  });

  it.each(["accepted", "refused", "unknown"] as const)("is heard by the others: %s", async (verdict) => {
    const { clock, claim, theirs, pauses } = opened();
    const own = await claim("id", grant);
    await own.settle(verdict);
    clock.pass(59_999);
    expect([await (await theirs("id", grant)).hear(), await own.hear(), pauses]).toEqual([verdict, verdict, []]);
  });

  it("is heard for a minute after it was settled, though it goes on", async () => {
    const { clock, claim, theirs } = opened();
    const asked = { ...grant, refusedAt: new Date(start) };
    clock.pass(anHourMs);
    await (await claim("id", asked)).settle("accepted");
    clock.pass(59_999);
    expect(await (await theirs("id", asked)).hear()).toBe("accepted");
    clock.pass(1);
    const late = await theirs("id", asked);
    expect([late.ours, await late.hear()]).toEqual([false, "unknown"]);
  });

  it("is settled for nobody where the store fails", async () => {
    const { store, claim } = opened();
    const own = await claim("id", grant);
    store.settle = () => Promise.reject(new Error("READONLY"));
    await expect(own.settle("accepted")).resolves.toBeUndefined();
  });

  it("is waited for in pauses that double up to a second", async () => {
    let left = 7;
    const { claim, theirs, pauses } = opened(() => (left -= 1) === 0 && own.settle("refused"));
    const own = await claim("id", grant);
    expect(await (await theirs("id", grant)).hear()).toBe("refused");
    expect(pauses).toEqual([50, 100, 200, 400, 800, 1_000, 1_000]);
  });

  it("is waited for no longer than who asks has, from its beginning on", async () => {
    const { clock, claim, theirs, pauses } = opened();
    await claim("id", grant);
    clock.pass(10_000);
    expect([await (await theirs("id", grant)).hear(), pauses]).toEqual(["unknown", []]);
  });

  it.each<[string, ClaimOutcome]>([
    ["another word", { error: "failed" }],
    ["a grant", { grantId: "id" }],
  ])("says nothing where what came of it is %s", async (_, outcome) => {
    const { store, claim } = opened();
    const claims = jest.spyOn(store, "claim");
    const own = await claim("id", grant);
    await store.settle(claims.mock.calls[0]![0], outcome, 60_000);
    expect(await own.hear()).toBe("unknown");
  });
});
