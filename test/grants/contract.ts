import fc from "fast-check";
import type { Grant } from "../../src/grants/grant";
import type { GrantStore } from "../../src/grants/store";
import { createClock, newGrant } from "../support/grants";

const lifeMs = 60_000;

export interface StoreUnderTest {
  readonly store: GrantStore;
  /** Where the store does not go by the clock it was given: makes its own time pass. */
  readonly pass?: (ms: number) => Promise<void>;
  readonly close?: () => Promise<void>;
}

/** What every grant store promises; run for each one we ship. */
export function describeGrantStore(
  name: string,
  createStore: (now: () => number) => StoreUnderTest | Promise<StoreUnderTest>,
  { numRuns = 1_000 } = {},
): void {
  describe(`${name}, as a grant store`, () => {
    let clock: ReturnType<typeof createClock>;
    let store: GrantStore;
    let underTest: StoreUnderTest;

    beforeEach(async () => {
      clock = createClock(Date.now());
      underTest = await createStore(clock.now);
      store = underTest.store;
    });
    afterEach(() => underTest.close?.());

    async function pass(ms: number): Promise<void> {
      clock.pass(ms);
      await underTest.pass?.(ms);
    }

    it("gives back the grant it was given, under an id of 32 characters", async () => {
      const id = await store.create(newGrant(), lifeMs);

      expect(id).toMatch(/^[\w-]{32}$/);
      expect(await store.get(id)).toEqual({ ...newGrant(), version: 1 });
    });

    it("keeps what Aircall does not say as null", async () => {
      const bare = { refreshToken: null, expiresAt: null, account: { id: null, name: null, user: null } };
      const id = await store.create(newGrant(bare), lifeMs);

      expect(await store.get(id)).toMatchObject(bare);
    });

    it("does not share its grants with those who read them", async () => {
      const id = await store.create(newGrant(), lifeMs);
      (await store.get(id))?.obtainedAt.setTime(0);

      expect((await store.get(id))?.obtainedAt).toEqual(newGrant().obtainedAt);
    });

    it.each(["", "x", "a".repeat(32), "../../../../../../../../../../etc", "__proto__", "constructor"])(
      "knows no grant %j",
      async (id) => {
        expect(await store.get(id)).toBeNull();
        expect(await store.replace(id, 1, newGrant())).toBe(false);
        await expect(store.delete(id)).resolves.toBeUndefined();
      },
    );

    it("lets exactly one of many writers of a version through", async () => {
      const id = await store.create(newGrant(), lifeMs);
      const writers = Array.from({ length: 20 }, (_, n) => newGrant({ accessToken: `access-${n}` }));

      const written = await Promise.all(writers.map((grant) => store.replace(id, 1, grant)));

      expect(written.filter(Boolean)).toHaveLength(1);
      expect(await store.get(id)).toEqual({ ...writers[written.indexOf(true)], version: 2 });
    });

    it("refuses a late writer and one from the future", async () => {
      const id = await store.create(newGrant(), lifeMs);
      await store.replace(id, 1, newGrant({ accessToken: "second" }));

      expect(await store.replace(id, 1, newGrant({ accessToken: "late" }))).toBe(false);
      expect(await store.replace(id, 3, newGrant({ accessToken: "early" }))).toBe(false);
      expect(await store.get(id)).toMatchObject({ accessToken: "second", version: 2 });
    });

    it("never brings a deleted grant back, whoever was writing it", async () => {
      for (let round = 0; round < 20; round += 1) {
        const id = await store.create(newGrant(), lifeMs);
        await Promise.all([store.replace(id, 1, newGrant()), store.delete(id), store.replace(id, 2, newGrant())]);

        expect(await store.get(id)).toBeNull();
        expect(await store.replace(id, 1, newGrant())).toBe(false);
      }
    });

    it("forgets a grant that nobody used for twice its life", async () => {
      const id = await store.create(newGrant(), lifeMs);
      await pass(2 * lifeMs);

      expect(await store.get(id)).toBeNull();
      expect(await store.replace(id, 1, newGrant())).toBe(false);
      expect(await store.idsOf(7)).toEqual([]);
    });

    it("extends the life of a grant that is read, once half a life has gone", async () => {
      const [used, unused] = [await store.create(newGrant(), lifeMs), await store.create(newGrant(), lifeMs)];
      await pass(0.6 * lifeMs);
      await Promise.all([store.get(used), store.get(used)]);
      await pass(1.5 * lifeMs);

      expect(await store.get(unused)).toBeNull();
      expect(await store.get(used)).toMatchObject({ version: 1 });
      expect(await store.idsOf(7)).toEqual([used]);
    });

    it("does not bring a grant back by extending it while it is deleted", async () => {
      const id = await store.create(newGrant(), lifeMs);
      await pass(0.6 * lifeMs);
      await Promise.all([store.get(id), store.delete(id), store.get(id)]);

      expect(await store.get(id)).toBeNull();
    });

    it("tells the grants of one company from those of another", async () => {
      const other = { ...newGrant(), account: { id: 8, name: null, user: null } };
      const mine = await Promise.all([1, 2, 3].map(() => store.create(newGrant(), lifeMs)));
      const theirs = await store.create(other, lifeMs);
      await store.delete(mine.pop() as string);

      expect((await store.idsOf(7)).sort()).toEqual(mine.sort());
      expect(await store.idsOf(8)).toEqual([theirs]);
      expect(await store.idsOf(9)).toEqual([]);
    });

    it("gives a claim to one caller until its time has passed", async () => {
      const claims = await Promise.all(Array.from({ length: 20 }, () => store.claim("attempt-1", 1_000)));
      expect(claims.filter(Boolean)).toHaveLength(1);

      expect(await store.claim("attempt-2", 1_000)).toBe(true);
      await pass(1_000);
      expect(await store.claim("attempt-1", 1_000)).toBe(true);
    });

    it("leaves a claim's outcome for a minute to those who lost it", async () => {
      expect(await store.outcome("attempt-1")).toBeNull();
      await store.settle("attempt-1", { grantId: "g" });

      await pass(59_000);
      expect(await store.outcome("attempt-1")).toEqual({ grantId: "g" });
      await pass(1_000);
      expect(await store.outcome("attempt-1")).toBeNull();
    });

    it("runs work under one lock in the order of arrival, one at a time", async () => {
      const log: string[] = [];
      const work = (n: number) => async () => {
        log.push(`begin ${n}`);
        await new Promise(setImmediate);
        log.push(`end ${n}`);
        if (n === 1) throw new Error("one fails");
        return n;
      };

      const results = await Promise.allSettled([1, 2, 3].map((n) => store.withLock("g", work(n))));

      expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
      expect(log).toEqual(["begin 1", "end 1", "begin 2", "end 2", "begin 3", "end 3"]);
    });

    it("keeps locks of different grants apart, and says how long one is held", async () => {
      const remaining = await store.withLock("a", () =>
        store.withLock("b", (lock) => Promise.resolve(lock.remainingMs())),
      );

      expect(remaining).toBeGreaterThanOrEqual(20_000);
    });

    it("answers any row of calls as a plain map with versions would", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(command, { maxLength: 12 }), async (commands) => {
          const ids = [await store.create(newGrant(), lifeMs), await store.create(newGrant(), lifeMs)];
          const model = new Map<string, Grant>(ids.map((id) => [id, { ...newGrant(), version: 1 }]));

          for (const { kind, which, version, token } of commands) {
            const id = ids[which] as string;
            const stored = model.get(id);
            if (kind === "get") expect(await store.get(id)).toEqual(stored ?? null);
            if (kind === "delete") await store.delete(id);
            if (kind === "delete") model.delete(id);
            if (kind !== "replace") continue;

            const grant = newGrant({ accessToken: token });
            expect(await store.replace(id, version, grant)).toBe(stored?.version === version);
            if (stored?.version === version) model.set(id, { ...grant, version: version + 1 });
          }
          for (const id of ids) expect(await store.get(id)).toEqual(model.get(id) ?? null);
          await Promise.all(ids.map((id) => store.delete(id)));
        }),
        { numRuns },
      );
    });
  });
}

const command = fc.record({
  kind: fc.constantFrom("get", "replace", "replace", "replace", "delete"),
  which: fc.integer({ min: 0, max: 1 }),
  version: fc.integer({ min: 1, max: 4 }),
  token: fc.stringMatching(/^[!-~]{1,20}$/),
});
