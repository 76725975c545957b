import { memoryGrants, type GrantStore } from "express-aircall";
import { describeGrantStore, type StoreUnderTest } from "express-aircall/testing";

/** What becomes of each promise; null where it is kept. */
async function promisesOf(mutate: (store: GrantStore) => Partial<GrantStore>): Promise<Map<string, unknown>> {
  const promises: [string, () => Promise<void>][] = [];
  const runner = {
    describe: (_name: string, body: () => void) => body(),
    it: (name: string, body: () => Promise<void>) => promises.push([name, body]),
  };
  function createStore(now: () => number): StoreUnderTest {
    const store = memoryGrants({ now });
    return { store: { ...store, ...mutate(store) } };
  }
  describeGrantStore("a store", createStore, { runner, numRuns: 50 });

  const outcomes = new Map<string, unknown>();
  for (const [name, body] of promises)
    outcomes.set(
      name,
      await body().then(
        () => null,
        (error: unknown) => error,
      ),
    );
  return outcomes;
}

async function brokenIn(mutate: (store: GrantStore) => Partial<GrantStore>): Promise<string[]> {
  const outcomes = [...(await promisesOf(mutate))];
  return outcomes.filter(([, outcome]) => outcome !== null).map(([name]) => name);
}

/** Each breaks one promise, by what it does. */
const mutants: readonly [what: string, mutate: (store: GrantStore) => Partial<GrantStore>, promise: RegExp][] = [
  [
    "makes ids too short",
    (store) => ({ create: async (...a) => (await store.create(...a)).slice(1) }),
    /32 characters/,
  ],
  ["finds nothing", () => ({ get: () => Promise.resolve(null) }), /gives back the grant/],
  [
    "writes whatever the version is",
    (store) => ({
      async replace(id, version, grant) {
        const stored = await store.get(id);
        return store.replace(id, stored?.version ?? version, grant);
      },
    }),
    /late writer/,
  ],
  ["says that it wrote", (store) => ({ replace: async (...a) => (await store.replace(...a), true) }), /exactly one/],
  ["deletes nothing", () => ({ delete: () => Promise.resolve() }), /never brings a deleted grant back/],
  ["keeps grants for half as long", (store) => ({ create: (g, ms, l) => store.create(g, ms / 2, l) }), /is prolonged/],
  ["keeps grants for ten times as long", (store) => ({ create: (g, ms, l) => store.create(g, 10 * ms, l) }), /forgets/],
  [
    "prolongs what is read",
    (store) => ({ get: async (id, link) => (await store.prolong(id, 60_000), store.get(id, link)) }),
    /none that is only read/,
  ],
  ["prolongs nothing", () => ({ prolong: () => Promise.resolve(true) }), /live for twice that life again/],
  [
    "prolongs by a link that has ended",
    (store) => ({ prolong: (id, ms) => store.prolong(id, ms) }),
    /not by one that has ended/,
  ],
  ["reads without the link", (store) => ({ get: (id) => store.get(id) }), /whose link leads to it/],
  ["ends no link", () => ({ unlink: () => Promise.resolve() }), /ends one link/],
  ["ends the grant with a link", (store) => ({ unlink: (id) => store.delete(id) }), /neither another nor the grant/],
  ["links in place of anything", (store) => ({ link: (id, one, ms) => store.link(id, one, ms) }), /in place of one/],
  ["knows no apps", (store) => ({ create: (g, ...rest) => store.create({ ...g, app: null }, ...rest) }), /one app/],
  ["finds no company", () => ({ idsOf: () => Promise.resolve([]) }), /one company/],
  [
    "lists companies without an end",
    (store) => ({ companies: (app, _cursor, limit) => store.companies(app, null, limit) }),
    /each once/,
  ],
  [
    "gives a claim to everybody",
    () => ({ claim: () => Promise.resolve({ ours: true, ageMs: 0 }) }),
    /gives a claim to one owner/,
  ],
  ["renews the claims of others", () => ({ renewClaim: () => Promise.resolve(true) }), /renews a claim for its owner/],
  ["forgets outcomes", () => ({ outcome: () => Promise.resolve(null) }), /leaves a claim's outcome/],
  ["locks nothing", () => ({ withLock: (_name, work) => work({ remainingMs: () => Infinity }) }), /one at a time/],
  [
    "has one lock for a second",
    (store) => ({ withLock: (name, work) => store.withLock(name, () => work({ remainingMs: () => 1_000 })) }),
    /how long one is held/,
  ],
];

describe("describeGrantStore", () => {
  it("finds nothing wrong with a store that keeps its promises", async () => {
    expect(await brokenIn(() => ({}))).toEqual([]);
  });

  it.each(mutants)("notices a store that %s", async (_what, mutate, promise) => {
    expect((await brokenIn(mutate)).filter((name) => promise.test(name))).not.toEqual([]);
  });

  it("notices by rows of calls alone what no other promise names", async () => {
    const forgetful = (store: GrantStore): Partial<GrantStore> => ({
      async get(id, link) {
        const grant = await store.get(id, link);
        return grant && grant.version > 2 ? { ...grant, version: 2 } : grant;
      },
    });
    expect(await brokenIn(forgetful)).toEqual(["answers any row of calls as a plain map with versions would"]);
  });

  it("closes every store, also where a promise is broken", async () => {
    let open = 0;
    const bodies: (() => Promise<void>)[] = [];
    const runner = {
      describe: (_name: string, body: () => void) => body(),
      it: (_name: string, body: () => Promise<void>) => bodies.push(body),
    };
    describeGrantStore(
      "a store",
      () => {
        open += 1;
        return {
          store: { ...memoryGrants(), get: () => Promise.reject(new Error("gone")) },
          close: () => Promise.resolve(void (open -= 1)),
        };
      },
      { runner, numRuns: 1 },
    );
    for (const body of bodies) await body().catch(() => undefined);
    expect([bodies.length > 30, open]).toEqual([true, 0]);
  });
});
