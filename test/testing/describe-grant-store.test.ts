import { memoryGrants, type GrantStore, type RecordStore } from "express-aircall";
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

/** A store whose records are broken. */
function withRecords(mutate: (records: RecordStore) => Partial<RecordStore>) {
  return (store: GrantStore): Partial<GrantStore> => ({
    records: (kind) => ({ ...store.records(kind), ...mutate(store.records(kind)) }),
  });
}

/** As grants are: only that keys come again. */
function countedFromOne(records: RecordStore): Partial<RecordStore> {
  const inner = async (key: string) => {
    const found = await records.get(key);
    return (
      found && {
        ...found,
        version: Number(found.value.split(" ", 1)[0]),
        value: found.value.replace(/^\d+ /, ""),
        real: found.version,
      }
    );
  };
  return {
    get: inner,
    async put(key, value, { version, lifeMs }) {
      const found = await inner(key);
      if ((found?.version ?? null) !== version) return null;
      const next = (version ?? 0) + 1;
      const put = await records.put(key, `${next} ${value}`, { version: found?.real ?? null, lifeMs });
      return put === null ? null : next;
    },
    async delete(key, version) {
      const found = await inner(key);
      return found !== null && (version === undefined || version === found.version) && records.delete(key);
    },
  };
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
  ["has one kind of records", (store) => ({ records: () => store.records("all") }), /of their kind only/],
  ["finds no record", withRecords(() => ({ get: () => Promise.resolve(null) })), /under any key/],
  [
    "writes a record whatever the version is",
    withRecords((records) => ({
      async put(key, value, { lifeMs }) {
        const { version = null } = (await records.get(key)) ?? {};
        return records.put(key, value, { version, lifeMs });
      },
    })),
    /in the version that was read/,
  ],
  [
    "says that it wrote a record",
    withRecords((records) => ({ put: async (...a) => (await records.put(...a)) ?? 1 })),
    /many who write a record/,
  ],
  ["keeps what is deleted", withRecords(() => ({ delete: () => Promise.resolve(true) })), /deletes a record/],
  [
    "deletes a record in any version",
    withRecords((records) => ({ delete: (key) => records.delete(key) })),
    /that one only/,
  ],
  [
    "says that it deleted a record",
    withRecords((records) => ({ delete: async (...a) => (await records.delete(...a), true) })),
    /deletes a record/,
  ],
  ["counts the versions of a record from one", withRecords(countedFromOne), /came after it/],
  [
    "keeps records for twice their life",
    withRecords((records) => ({
      put: (key, value, { version, lifeMs }) => records.put(key, value, { version, lifeMs: 2 * lifeMs }),
    })),
    /for its life/,
  ],
  [
    "keeps records for half their life",
    withRecords((records) => ({
      put: (key, value, { version, lifeMs }) => records.put(key, value, { version, lifeMs: lifeMs / 2 }),
    })),
    /for its life/,
  ],
  [
    "lists records without an end",
    withRecords((records) => ({ list: (_cursor, limit) => records.list(null, limit) })),
    /records of a kind/,
  ],
  [
    "lists one page of records",
    withRecords((records) => ({
      list: async (...a) => ({ ...(await records.list(...a)), cursor: null }),
    })),
    /records of a kind/,
  ],
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
