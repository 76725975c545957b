import session = require("express-session");
import fc, { type Scheduler } from "fast-check";
import { memoryGrants } from "../../src/grants/stores/memory";
import { sessionGrants } from "../../src/grants/stores/session";
import type { GrantStore } from "../../src/grants/store";
import { createClock, newGrant } from "../support/grants";
import { rounds } from "../support/promised";

const lifeMs = 60_000;

/** Answers each call when the scheduler says so. */
class ScheduledStore extends session.MemoryStore {
  constructor(private readonly scheduler: Scheduler) {
    super();
  }
  override get(id: string, done: Parameters<session.MemoryStore["get"]>[1]): void {
    void this.scheduler.schedule(Promise.resolve(), "get").then(() => super.get(id, done));
  }
  override set(id: string, document: session.SessionData, done: () => void): void {
    void this.scheduler.schedule(Promise.resolve(), "set").then(() => super.set(id, document, done));
  }
  override destroy(id: string, done: () => void): void {
    void this.scheduler.schedule(Promise.resolve(), "destroy").then(() => super.destroy(id, done));
  }
}

const operation = fc.oneof(
  fc.record({ kind: fc.constant("replace" as const), version: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ kind: fc.constantFrom("get" as const, "delete" as const) }),
);

describe.each<[string, (now: () => number, scheduler: Scheduler) => GrantStore]>([
  ["memoryGrants", (now) => memoryGrants({ now })],
  ["sessionGrants", (now, scheduler) => sessionGrants(new ScheduledStore(scheduler), { now })],
])("%s, with its calls interleaved in any way", (_name, createStore) => {
  it("keeps writes exact, extends lives on the way, and never brings a deleted grant back", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(operation, { maxLength: 8 }), async (scheduler, operations) => {
        const clock = createClock(Date.now());
        const store = createStore(clock.now, scheduler);
        const id = await scheduler.waitFor(store.create(newGrant(), lifeMs));
        clock.pass(0.6 * lifeMs);

        const written: number[] = [];
        let deleted = false;
        async function run(step: (typeof operations)[number]): Promise<void> {
          await scheduler.schedule(Promise.resolve());
          const wasDeleted = deleted;
          if (step.kind === "delete") deleted = (await store.delete(id), true);
          if (step.kind === "get" && (await store.get(id))) expect(wasDeleted).toBe(false);
          if (step.kind !== "replace" || !(await store.replace(id, step.version, newGrant()))) return;
          expect(wasDeleted).toBe(false);
          written.push(step.version);
        }
        await scheduler.waitFor(Promise.all(operations.map(run)));

        expect(written).toEqual(Array.from(written, (_version, index) => index + 1));
        const final = await scheduler.waitFor(store.get(id));
        expect(final?.version).toBe(deleted ? undefined : written.length + 1);
        expect(await scheduler.waitFor(store.idsOf(null, 7))).toEqual(deleted ? [] : [id]);
      }),
      { numRuns: rounds(300, 1_000) },
    );
  });
});
