import { memoryGrants } from "../../../src/grants/stores/memory";
import type { Grant } from "../../../src/grants/grant";
import { createRenewals } from "../../../src/grants/renewal/renew";
import { createClock, newGrant, start } from "../../support/grants";

const aMinuteMs = 60_000;
const suspended = { state: "suspended", refusedAt: new Date(start - aMinuteMs) } as const;
const active = { state: "active", refusedAt: null } as const;

/** Several processes, as far as probes go: each remembers by itself, all share the store. */
async function startProcesses(count: number, standing: Pick<Grant, "state" | "refusedAt">) {
  const clock = createClock();
  const store = memoryGrants({ now: clock.now });
  const id = await store.create(newGrant({ ...standing, refreshToken: null, expiresAt: null }), 86_400_000);
  let asked = 0;
  let verdict: "accepted" | "refused" = "refused";
  const probe = async () => {
    asked += 1;
    await new Promise(setImmediate);
    return verdict;
  };
  const processes = Array.from({ length: count }, () =>
    createRenewals({ store, endpoint: null, probe, now: clock.now, sleep: () => new Promise(setImmediate) }),
  );

  /** What each of them comes to. */
  const checkAll = async () => {
    const grant = (await store.get(id))!;
    const checks = await Promise.all(processes.map((probes) => probes.check(id, grant)));
    return checks.map((check) => check.verdict);
  };
  return {
    clock,
    checkAll,
    asked: () => asked,
    revive: () => (verdict = "accepted"),
    standing: () => store.get(id),
  };
}

describe("probes of a refused grant, over four processes", () => {
  it("ask once a minute in all", async () => {
    const { clock, asked, checkAll } = await startProcesses(4, suspended);
    for (let minute = 0; minute < 3; minute += 1) {
      expect(await checkAll()).toEqual(["refused", "refused", "refused", "refused"]);
      expect(await checkAll()).toHaveLength(4);
      clock.pass(aMinuteMs);
    }
    expect(asked()).toBe(3);
  });

  it("notice that it lives again", async () => {
    const { clock, revive, checkAll, standing } = await startProcesses(4, suspended);
    await checkAll();
    revive();
    clock.pass(aMinuteMs);
    expect(await checkAll()).toContain("accepted");
    expect(await standing()).toMatchObject(active);
  });

  it.each(["refused", "accepted"] as const)(
    "ask once in all about one that was not refused before, and all hear that it is %s",
    async (verdict) => {
      const { asked, checkAll, revive, standing } = await startProcesses(4, active);
      if (verdict === "accepted") revive();

      expect(await checkAll()).toEqual([verdict, verdict, verdict, verdict]);
      expect(asked()).toBe(1);
      expect(await standing()).toMatchObject({ state: "active", version: verdict === "refused" ? 2 : 1 });
    },
  );

  it("take the word of that minute for a grant that has recovered in it", async () => {
    const { clock, revive, checkAll, asked } = await startProcesses(4, suspended);
    revive();
    await checkAll();
    clock.pass(1_000);

    expect(await checkAll()).toEqual(["accepted", "accepted", "accepted", "accepted"]);
    expect(asked()).toBe(1);
  });
});
