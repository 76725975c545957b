import fc from "fast-check";
import type { Grant, NewGrant } from "../../../src/grants/grant";
import type { CompaniesPage, GrantStore } from "../../../src/grants/store";
import { createClock, newGrant } from "../../support/grants";

const lifeMs = 60_000;
const [app, otherApp] = ["an-app-1", "an-app-2"];

export interface StoreUnderTest {
  readonly store: GrantStore;
  /** Where the store does not go by the clock it was given: makes its own time pass. */
  readonly pass?: (ms: number) => Promise<void>;
  readonly close?: () => Promise<void>;
}

function appsGrant(changes: Partial<Grant> = {}): NewGrant {
  return newGrant({ app, ...changes });
}

function accountOf(id: number | null): Grant["account"] {
  return { id, name: null, user: null };
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
      const id = await store.create(appsGrant(), lifeMs);

      expect(id).toMatch(/^[\w-]{32}$/);
      expect(await store.get(id)).toEqual({ ...appsGrant(), version: 1 });
    });

    it("keeps what Aircall does not say as null", async () => {
      const bare = { refreshToken: null, expiresAt: null, account: { id: null, name: null, user: null } };
      const id = await store.create(appsGrant(bare), lifeMs);

      expect(await store.get(id)).toMatchObject(bare);
    });

    it("does not share its grants with those who read them", async () => {
      const id = await store.create(appsGrant(), lifeMs);
      (await store.get(id))?.obtainedAt.setTime(0);

      expect((await store.get(id))?.obtainedAt).toEqual(appsGrant().obtainedAt);
    });

    it.each(["", "x", "a".repeat(32), "../../../../../../../../../../etc", "__proto__", "constructor"])(
      "knows no grant %j",
      async (id) => {
        expect(await store.get(id)).toBeNull();
        expect(await store.replace(id, 1, appsGrant())).toBe(false);
        await expect(store.delete(id)).resolves.toBeUndefined();
      },
    );

    it("lets exactly one of many writers of a version through", async () => {
      const id = await store.create(appsGrant(), lifeMs);
      const writers = Array.from({ length: 20 }, (_, n) => appsGrant({ accessToken: `access-${n}` }));

      const written = await Promise.all(writers.map((grant) => store.replace(id, 1, grant)));

      expect(written.filter(Boolean)).toHaveLength(1);
      expect(await store.get(id)).toEqual({ ...writers[written.indexOf(true)], version: 2 });
    });

    it("refuses a late writer and one from the future", async () => {
      const id = await store.create(appsGrant(), lifeMs);
      await store.replace(id, 1, appsGrant({ accessToken: "second" }));

      expect(await store.replace(id, 1, appsGrant({ accessToken: "late" }))).toBe(false);
      expect(await store.replace(id, 3, appsGrant({ accessToken: "early" }))).toBe(false);
      expect(await store.get(id)).toMatchObject({ accessToken: "second", version: 2 });
    });

    it("never brings a deleted grant back, whoever was writing it", async () => {
      for (let round = 0; round < 20; round += 1) {
        const id = await store.create(appsGrant(), lifeMs);
        await Promise.all([store.replace(id, 1, appsGrant()), store.delete(id), store.replace(id, 2, appsGrant())]);

        expect(await store.get(id)).toBeNull();
        expect(await store.replace(id, 1, appsGrant())).toBe(false);
      }
    });

    it("forgets a grant that nobody used for twice its life", async () => {
      const id = await store.create(appsGrant(), lifeMs);
      await pass(2 * lifeMs);

      expect(await store.get(id)).toBeNull();
      expect(await store.replace(id, 1, appsGrant())).toBe(false);
      expect(await store.idsOf(app, 7)).toEqual([]);
    });

    it("lets a grant that is prolonged live for twice that life again, and none that is only read", async () => {
      const [used, read] = [await store.create(appsGrant(), lifeMs), await store.create(appsGrant(), lifeMs)];
      await pass(1.5 * lifeMs);
      expect(await store.prolong(used, lifeMs)).toBe(true);
      expect(await store.get(read)).not.toBeNull();
      await pass(1.5 * lifeMs);

      expect(await store.get(read)).toBeNull();
      expect(await store.get(used)).toMatchObject({ version: 1 });
      expect(await store.idsOf(app, 7)).toEqual([used]);
    });

    it("shortens no life by prolonging it for less", async () => {
      const id = await store.create(appsGrant(), lifeMs, "a");
      expect(await store.prolong(id, lifeMs / 4, "a")).toBe(true);
      await pass(1.5 * lifeMs);

      expect(await store.get(id, "a")).not.toBeNull();
    });

    it("does not bring a grant back by prolonging it while it is deleted", async () => {
      const id = await store.create(appsGrant(), lifeMs, "a");
      await Promise.all([store.prolong(id, lifeMs), store.delete(id), store.prolong(id, lifeMs, "a")]);

      expect(await store.get(id)).toBeNull();
      expect(await store.prolong(id, lifeMs)).toBe(false);
      expect(await store.link(id, "b", lifeMs)).toBe(false);
      expect(await store.get(id, "b")).toBeNull();
    });

    describe.each([
      ["a session", "a"],
      ["a company", undefined],
    ])("of %s", (_whose, own) => {
      it("gives a grant to those whose link leads to it", async () => {
        const id = await store.create(appsGrant(), lifeMs, own);
        expect(await store.link(id, "b", lifeMs)).toBe(true);

        expect(await store.get(id, "a")).toEqual(own ? { ...appsGrant(), version: 1 } : null);
        expect(await store.get(id, "b")).toEqual({ ...appsGrant(), version: 1 });
        expect(await store.get(id, "c")).toBeNull();
        expect(await store.get(id)).not.toBeNull();
      });

      it("makes no link in place of one that has ended", async () => {
        const id = await store.create(appsGrant(), lifeMs, own);
        await store.link(id, "b", lifeMs);
        expect(await store.link(id, "c", lifeMs, "b")).toBe(true);
        await store.unlink(id, "b");

        expect(await store.link(id, "d", lifeMs, "b")).toBe(false);
        expect(await store.get(id, "d")).toBeNull();
        expect(await store.get(id, "c")).not.toBeNull();
      });

      it("ends one link, and neither another nor the grant", async () => {
        const id = await store.create(appsGrant(), lifeMs, own);
        for (const link of ["b", "c"]) await store.link(id, link, lifeMs);
        await Promise.all([store.unlink(id, "b"), store.unlink(id, "b"), store.unlink(id, "never")]);

        expect(await store.get(id, "b")).toBeNull();
        expect(await store.get(id, "c")).not.toBeNull();
        expect(await store.get(id)).not.toBeNull();
      });

      it("prolongs a link with its grant, and not by one that has ended", async () => {
        const id = await store.create(appsGrant(), 3 * lifeMs, own);
        for (const link of ["b", "c"]) await store.link(id, link, lifeMs);
        await store.unlink(id, "c");
        await pass(1.5 * lifeMs);
        expect(await store.prolong(id, lifeMs, "b")).toBe(true);
        expect(await store.prolong(id, 100 * lifeMs, "c")).toBe(false);
        await pass(1.5 * lifeMs);

        expect(await store.get(id, "b")).not.toBeNull();
        expect(await store.get(id, "c")).toBeNull();
        await pass(4 * lifeMs);
        expect(await store.get(id)).toBeNull();
      });

      it("keeps its links over a write", async () => {
        const id = await store.create(appsGrant(), lifeMs, own);
        await store.link(id, "b", lifeMs);
        await store.replace(id, 1, appsGrant({ accessToken: "second" }));

        expect(await store.get(id, "b")).toMatchObject({ accessToken: "second", version: 2 });
      });
    });

    it("tells the grants of one app from those of another, and from those of none", async () => {
      const ids = await Promise.all([app, otherApp, null].map((one) => store.create(appsGrant({ app: one }), lifeMs)));

      for (const [index, one] of [app, otherApp, null].entries()) {
        expect(await store.idsOf(one, 7)).toEqual([ids[index]]);
      }
    });

    it("tells the grants of one company from those of another", async () => {
      const other = { ...appsGrant(), account: { id: 8, name: null, user: null } };
      const mine = await Promise.all([1, 2, 3].map(() => store.create(appsGrant(), lifeMs)));
      const theirs = await store.create(other, lifeMs);
      await store.delete(mine.pop() as string);

      expect((await store.idsOf(app, 7)).sort()).toEqual(mine.sort());
      expect(await store.idsOf(app, 8)).toEqual([theirs]);
      expect(await store.idsOf(app, 9)).toEqual([]);
    });

    it("finds a company's grants by Aircall's id and by the app's own name", async () => {
      const refs = ["7", "a/b {c}", "Ünï ☎"];
      const named = await Promise.all(refs.map((ref) => store.create(appsGrant({ ref }), lifeMs)));
      const nobodys = { id: null, name: "Acme", user: null };
      const keyed = await store.create(appsGrant({ account: nobodys, ref: "key", apiId: "an-id" }), lifeMs);

      for (const [at, ref] of refs.entries()) expect(await store.idsOf(app, { ref })).toEqual([named[at]]);
      expect((await store.idsOf(app, 7)).sort()).toEqual([...named].sort());
      expect(await store.idsOf(app, { ref: "key" })).toEqual([keyed]);
      expect(await store.get(keyed)).toMatchObject({ account: nobodys, ref: "key", apiId: "an-id" });
      await Promise.all(named.map((id) => store.delete(id)));
      for (const ref of refs) expect(await store.idsOf(app, { ref })).toEqual([]);
    });

    it("lists the companies of an app, a page at a time and each once", async () => {
      const created = new Map<string, string[]>();
      const connect = async (grant: NewGrant, name: string) =>
        created.set(name, [...(created.get(name) ?? []), await store.create(grant, lifeMs)]);
      for (let id = 1; id <= 20; id += 1) await connect(appsGrant({ account: accountOf(id), ref: "own" }), `id ${id}`);
      for (const ref of ["1", "2", "{3} ☎"]) await connect(appsGrant({ account: accountOf(null), ref }), `ref ${ref}`);
      await connect(appsGrant({ account: accountOf(5) }), "id 5");
      await store.create(appsGrant({ account: accountOf(99), app: otherApp }), lifeMs);
      await store.create(appsGrant({ account: accountOf(null) }), lifeMs);

      for (const limit of [1, 7, 100]) {
        const listed = await list(limit);
        expect(listed.map(([name]) => name).sort()).toEqual([...created.keys()].sort());
        for (const [name, ids] of listed) expect([...ids].sort()).toEqual([...created.get(name)!].sort());
      }
    });

    it("lists no company whose grants have ended, and again one that came back", async () => {
      const id = await store.create(appsGrant(), lifeMs);
      await store.create(appsGrant({ account: accountOf(8) }), 4 * lifeMs);
      await store.delete(id);
      expect((await list(10)).map(([name]) => name)).toEqual(["id 8"]);
      await store.create(appsGrant(), lifeMs);
      expect((await list(10)).map(([name]) => name).sort()).toEqual(["id 7", "id 8"]);
      await pass(2 * lifeMs);
      expect((await list(10)).map(([name]) => name)).toEqual(["id 8"]);
    });

    async function list(limit: number): Promise<(readonly [name: string, ids: readonly string[]])[]> {
      const listed: (readonly [string, readonly string[]])[] = [];
      let cursor: string | null = null;
      do {
        const page: CompaniesPage = await store.companies(app, cursor, limit);
        expect(page.companies.length).toBeLessThanOrEqual(limit);
        for (const { company, ids } of page.companies) {
          listed.push([typeof company === "number" ? `id ${company}` : `ref ${company.ref}`, ids]);
        }
        cursor = page.cursor;
      } while (cursor !== null);
      return listed;
    }

    it("gives a claim to one owner until its time has passed", async () => {
      const owners = Array.from({ length: 20 }, (_, n) => `owner ${n}`);
      const claims = await Promise.all(owners.map((owner) => store.claim("attempt-1", owner, 10_000)));
      expect(claims.filter(({ ours }) => ours)).toHaveLength(1);

      expect(await store.claim("attempt-2", "somebody", 10_000)).toMatchObject({ ours: true });
      await pass(10_000);
      expect(await store.claim("attempt-1", "somebody", 10_000)).toMatchObject({ ours: true });
    });

    it("says that a claim is ours as often as its owner asks, and how old it is", async () => {
      await store.claim("attempt-1", "ours", 10_000);
      await new Promise(setImmediate);

      expect(await store.claim("attempt-1", "ours", 10_000)).toMatchObject({ ours: true });
      const { ours, ageMs } = await store.claim("attempt-1", "theirs", 10_000);
      expect(ours).toBe(false);
      expect(ageMs).toBeGreaterThanOrEqual(0);
      expect(ageMs).toBeLessThan(10_000);
    });

    it("renews a claim for its owner, as long as it is a claim", async () => {
      await store.claim("attempt-1", "ours", 10_000);
      await pass(6_000);
      expect(await store.renewClaim("attempt-1", "theirs", 10_000)).toBe(false);
      expect(await store.renewClaim("attempt-1", "ours", 10_000)).toBe(true);
      await pass(6_000);
      expect(await store.claim("attempt-1", "theirs", 10_000)).toMatchObject({ ours: false });
      await pass(6_000);
      expect(await store.renewClaim("attempt-1", "ours", 10_000)).toBe(false);
    });

    it("leaves a claim's outcome to those who lost it, for as long as was said", async () => {
      expect(await store.outcome("attempt-1")).toBeNull();
      await store.settle("attempt-1", { grantId: "g" }, 60_000);

      await pass(50_000);
      expect(await store.outcome("attempt-1")).toEqual({ grantId: "g" });
      await pass(10_000);
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
          const ids = [await store.create(appsGrant(), lifeMs), await store.create(appsGrant(), lifeMs)];
          const model = new Map<string, Grant>(ids.map((id) => [id, { ...appsGrant(), version: 1 }]));

          for (const { kind, which, version, token } of commands) {
            const id = ids[which] as string;
            const stored = model.get(id);
            if (kind === "get") expect(await store.get(id)).toEqual(stored ?? null);
            if (kind === "delete") await store.delete(id);
            if (kind === "delete") model.delete(id);
            if (kind !== "replace") continue;

            const grant = appsGrant({ accessToken: token });
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
