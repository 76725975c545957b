import { memoryGrants } from "../../src/grants/memory-store";
import { createProbes } from "../../src/grants/probe";
import { createClock, newGrant } from "../support/grants";

const aMinuteMs = 60_000;

/** Several processes, as far as probes go: each remembers by itself, all share the store. */
async function startProcesses(count: number, ended: "token_refused" | null) {
  const clock = createClock();
  const store = memoryGrants({ now: clock.now });
  const id = await store.create(newGrant({ ended }), 86_400_000);
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
    ended: async () => (await store.get(id))?.ended,
  };
}

describe("probes of a dead grant, over four processes", () => {
  it("ask once a minute in all", async () => {
    const { clock, asked, checkAll } = await startProcesses(4, "token_refused");
    for (let minute = 0; minute < 3; minute += 1) {
      expect(await checkAll()).toEqual(["refused", "refused", "refused", "refused"]);
      expect(await checkAll()).toHaveLength(4);
      expect(asked()).toBe(minute + 1);
      clock.pass(aMinuteMs);
    }
  });

  it("notice that it lives again", async () => {
    const { clock, revive, checkAll, ended } = await startProcesses(4, "token_refused");
    await checkAll();
    revive();
    clock.pass(aMinuteMs);
    expect(await checkAll()).toContain("accepted");
    expect(await ended()).toBeNull();
  });

  it("each ask about a grant that nobody knows to be dead", async () => {
    const { asked, checkAll } = await startProcesses(4, null);
    expect(await checkAll()).toEqual(["refused", "refused", "refused", "refused"]);
    expect(asked()).toBe(4);
  });
});
