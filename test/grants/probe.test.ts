import { memoryGrants } from "../../src/grants/memory-store";
import type { GrantState } from "../../src/grants/grant";
import { createProbes } from "../../src/grants/probe";
import { createClock, newGrant } from "../support/grants";

const aMinuteMs = 60_000;

/** Several processes, as far as probes go: each remembers by itself, all share the store. */
async function startProcesses(count: number, state: GrantState) {
  const clock = createClock();
  const store = memoryGrants({ now: clock.now });
  const id = await store.create(newGrant({ state }), 86_400_000);
  let asked = 0;
  let verdict: "accepted" | "refused" = "refused";
  const probe = () => {
    asked += 1;
    return Promise.resolve(verdict);
  };
  const processes = Array.from({ length: count }, () => createProbes({ store, probe, now: clock.now }));

  return {
    clock,
    store,
    asked: () => asked,
    revive: () => void (verdict = "accepted"),
    checkAll: async () => {
      const grant = (await store.get(id))!;
      return Promise.all(processes.map((probes) => probes.check(id, grant)));
    },
    state: async () => (await store.get(id))?.state,
  };
}

describe("probes of a dead grant, over four processes", () => {
  it("ask once a minute in all", async () => {
    const { clock, asked, checkAll } = await startProcesses(4, "suspended");
    for (let minute = 0; minute < 3; minute += 1) {
      expect(await checkAll()).toEqual(["refused", "refused", "refused", "refused"]);
      expect(await checkAll()).toHaveLength(4);
      expect(asked()).toBe(minute + 1);
      clock.pass(aMinuteMs);
    }
  });

  it("notice that it lives again", async () => {
    const { clock, revive, checkAll, state } = await startProcesses(4, "suspended");
    await checkAll();
    revive();
    clock.pass(aMinuteMs);
    expect(await checkAll()).toContain("accepted");
    expect(await state()).toBe("active");
  });

  it("each ask about a grant that nobody knows to be dead", async () => {
    const { asked, checkAll } = await startProcesses(4, "active");
    expect(await checkAll()).toEqual(["refused", "refused", "refused", "refused"]);
    expect(asked()).toBe(4);
  });
});
