import { memoryGrants } from "express-aircall";
import { createLostResponses } from "../../../src/grants/renewal/lost-response";
import { createClock } from "../../support/grants";

/** Two processes, of which the other's clock is ahead. */
function opened(aheadMs = 0) {
  const clock = createClock();
  const store = memoryGrants({ now: clock.now });
  const [lost, theirs] = [0, aheadMs].map((ms) => createLostResponses(store, () => clock.now() + ms));
  return { clock, store, lost: lost!, theirs: theirs! };
}

describe("a refresh token whose response was lost", () => {
  it("rests in every process, and goes again a little before the pause of who lost it ends", async () => {
    const { clock, lost, theirs } = opened();
    await lost.begin("id", "token", 5_000);
    expect([await lost.remainingMs("id", "token"), await theirs.remainingMs("id", "token")]).toEqual([5_000, 5_000]);
    clock.pass(4_000);
    expect(await theirs.remainingMs("id", "token")).toBe(1_000);
    clock.pass(749);
    expect(await theirs.remainingMs("id", "token")).toBe(251);
    clock.pass(1);
    expect(await theirs.remainingMs("id", "token")).toBe(0);
  });

  it("rests by the store's clock, whatever the clocks say", async () => {
    const { clock, lost, theirs } = opened(60_000);
    await lost.begin("id", "token", 5_000);
    expect(await theirs.remainingMs("id", "token")).toBe(250);
    clock.pass(4_749);
    expect(await theirs.remainingMs("id", "token")).toBe(250);
    clock.pass(1);
    expect(await theirs.remainingMs("id", "token")).toBe(0);
  });

  it("is no other grant's, and no other token; it is told in no store", async () => {
    const { lost, store } = opened();
    const settle = jest.spyOn(store, "settle");
    await lost.begin("id", "token", 5_000);
    expect([await lost.remainingMs("other", "token"), await lost.remainingMs("id", "other")]).toEqual([0, 0]);
    const [key] = settle.mock.calls[0]!;
    expect(key).toMatch(/^id:doubt:[\w-]+$/);
    expect(key).not.toContain("token");
  });

  it("is not kept back by what is no such mark", async () => {
    const { lost, store } = opened();
    const settle = jest.spyOn(store, "settle");
    await lost.begin("id", "token", 5_000);
    await store.settle(settle.mock.calls[0]![0], { grantId: "id" }, 5_000);
    expect(await lost.remainingMs("id", "token")).toBe(0);
  });
});
