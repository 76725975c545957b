import { createGrantText } from "../../../src/grants/encryption";
import { newGrantId, type Grant } from "../../../src/grants/grant";
import { createSessionGrantRecords } from "../../../src/grants/stores/session-grant-records";
import { sessionGrants } from "../../../src/grants/stores/session";
import { createClock, newGrant } from "../../support/grants";
import { watchedDocuments } from "./session-documents";

const lifeMs = 60_000;
const grant: Grant = { ...newGrant(), version: 1 };
const id = newGrantId();

function open() {
  const clock = createClock(Date.now());
  const watched = watchedDocuments();
  const records = createSessionGrantRecords({ documents: watched.documents, text: createGrantText(), now: clock.now });
  return { ...watched, clock, records, endsAt: clock.now() + lifeMs };
}

describe("the records of grants among sessions", () => {
  it("live as long as was said, and so do links that are records", async () => {
    const { records, writes, clock, endsAt } = open();
    await records.write(id, grant, { endsAt, links: null });
    const found = (await records.find(id))!;
    expect(found).toEqual({ id, grant, record: { grant: expect.any(String), endsAt, links: null } });
    await records.addLink("a", found, endsAt - 1_000);
    expect(writes.map(([, life]) => life)).toEqual([lifeMs, lifeMs - 1_000]);
    expect([await records.leads("a", found), await records.read(id, "a")]).toEqual([true, grant]);
    clock.pass(lifeMs - 1_000);
    expect([await records.leads("a", found), await records.read(id, "a")]).toEqual([false, null]);
    expect(await records.read(id, undefined)).toEqual(grant);
  });

  it("lie under keys that every store allows, in the same places in every version", async () => {
    const { records, keys, endsAt } = open();
    const same = "A".repeat(32);
    await records.write(same, grant, { endsAt, links: null });
    await records.addLink("a", (await records.find(same))!, endsAt);
    for (const key of keys()) expect(key.length).toBeLessThanOrEqual(36);
    expect(keys()).toEqual([`ac_${same}`, "ac_iimX2zvIQVmCo_6LV8F9EbHNvPg9Zr4e"]);
  });

  it("are none that cannot be read, under their id or another", async () => {
    const { records, inner, reads, endsAt } = open();
    await inner.write(`ac_${id}`, { grant: "no grant", endsAt }, lifeMs);
    expect([await records.find(id), await records.read(id, undefined)]).toEqual([null, null]);
    expect(reads).toHaveLength(2);
    expect(await records.find("no id")).toBeNull();
    expect(reads).toHaveLength(2);
  });

  it("are removed though they cannot be read", async () => {
    const { records, documents, keys, endsAt } = open();
    await records.write(id, grant, { endsAt, links: ["a"] });
    expect(await records.remove(id)).toMatchObject({ endsAt, links: ["a"] });
    await records.write(id, grant, { endsAt, links: ["a"] });
    documents.read = () => Promise.reject(new Error("unreadable"));
    expect(await records.remove(id)).toBeNull();
    expect(keys()).toEqual([]);
  });
});

describe("the links of sessionGrants", () => {
  function openStore() {
    const clock = createClock(Date.now());
    const watched = watchedDocuments();
    return { ...watched, clock, store: sessionGrants(watched.sessions, { now: clock.now }) };
  }

  it("to a session's own grant are five, the last ones", async () => {
    const { store } = openStore();
    const own = await store.create(newGrant(), lifeMs, "a");
    for (const link of ["b", "c", "d", "e"]) await store.link(own, link, lifeMs);
    expect(await store.get(own, "a")).not.toBeNull();
    await store.link(own, "f", lifeMs);
    const found = await Promise.all(["a", "b", "f"].map(async (link) => (await store.get(own, link)) !== null));
    expect(found).toEqual([false, true, true]);
  });

  it("to a session's own grant are in its record, and no other key is kept for them", async () => {
    const { store, keys } = openStore();
    const own = await store.create(newGrant(), lifeMs, "a");
    const before = keys();
    await store.link(own, "b", lifeMs);
    await store.prolong(own, 2 * lifeMs, "b");
    expect(keys()).toEqual(before);
  });

  it("to a company's grant are not made by prolonging it without one", async () => {
    const { store, keys, clock } = openStore();
    const id = await store.create(newGrant(), lifeMs);
    const before = keys();
    clock.pass(1_000);
    expect(await store.prolong(id, lifeMs)).toBe(true);
    expect(keys()).toEqual(before);
  });
});

describe("sessionGrants", () => {
  it("deletes nothing of the app's by what is no id", async () => {
    const { sessions } = watchedDocuments();
    const destroyed: string[] = [];
    const destroy = sessions.destroy.bind(sessions);
    sessions.destroy = (key, done) => (destroyed.push(key), destroy(key, done));
    const store = sessionGrants(sessions);
    await store.delete("no id");
    expect(destroyed).toEqual([]);
    await store.delete(id);
    expect(destroyed).toEqual([`ac_${id}`]);
  });

  it("writes nothing where a grant lives as long already", async () => {
    const { sessions } = watchedDocuments();
    const store = sessionGrants(sessions, { now: () => 1_000 });
    const kept = await store.create(newGrant(), lifeMs, "a");
    let writes = 0;
    const set = sessions.set.bind(sessions);
    sessions.set = (...call: Parameters<typeof set>) => ((writes += 1), set(...call));
    expect(await store.prolong(kept, lifeMs, "a")).toBe(true);
    expect(writes).toBe(0);
  });

  it("names itself and its options where one is misspelt, or they are none", () => {
    const { sessions } = watchedDocuments();
    expect(() => sessionGrants(sessions, { longestLive: 7 } as object)).toThrow(/longestLive.*longestLifeMs/s);
    expect(() => sessionGrants(sessions, 7 as never)).toThrow(
      "sessionGrants(store, options) takes an object of options; got a number.",
    );
  });
});
