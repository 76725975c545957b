import { createSessionKinds } from "../../../src/grants/stores/session-kinds";
import { createClock } from "../../support/grants";
import { watchedDocuments } from "./session-documents";

const lifeMs = 60_000;
const fresh = { version: null, lifeMs };
const noBound = 3_155_760_000_000;

function open(longestLifeMs = noBound) {
  const clock = createClock(Date.now());
  const watched = watchedDocuments();
  const marks = createSessionKinds(watched.documents, { now: clock.now, longestLifeMs })("marks");
  const indexes = () => watched.keys().filter((key) => key.startsWith("ac_records_"));
  const records = () => watched.keys().filter((key) => key.startsWith("ac_r") && !key.startsWith("ac_records_"));
  const noted = async () => {
    const parts = await Promise.all(indexes().map((key) => watched.inner.read(key)));
    return Object.assign({}, ...(parts as object[])) as Record<string, number>;
  };
  return { ...watched, clock, marks, indexes, records, noted };
}

type Opened = ReturnType<typeof open>;

async function putAll({ marks }: Opened, names: readonly string[]): Promise<void> {
  for (const name of names) await marks.put(name, name, fresh);
}

async function walk({ marks }: Opened, limit: number): Promise<string[]> {
  const found: string[] = [];
  for (let cursor: string | null = null, pages = 0; cursor !== null || pages === 0; pages += 1) {
    if (pages > 200) throw new Error("The list has no end.");
    const page = await marks.list(cursor, limit);
    if (page.cursor !== null) expect(page.records).toHaveLength(limit);
    found.push(...page.records.map(({ key }) => key));
    cursor = page.cursor;
  }
  return found;
}

const names = Array.from({ length: 60 }, (_, n) => `${(n * 37) % 60}`);

describe("the records of a kind among sessions", () => {
  it.each([1, 7, 59, 60, 61])("are listed once each, %i a page, in whatever order they came", async (limit) => {
    const opened = open();
    await putAll(opened, names);
    expect((await walk(opened, limit)).toSorted()).toEqual(names.toSorted());
  });

  it("begin anew where a cursor is none", async () => {
    const opened = open();
    await putAll(
      opened,
      Array.from({ length: 200 }, (_, n) => `${n}`),
    );
    for (const cursor of ["", "x", "7", "x15 zzz"]) {
      expect((await opened.marks.list(cursor, 300)).records).toHaveLength(200);
    }
  });

  it("lie under keys that every store allows, in the same places in every version", async () => {
    const opened = open();
    await putAll(opened, names);
    for (const key of opened.keys()) expect(key.length).toBeLessThanOrEqual(36);
    expect(opened.records()).toHaveLength(60);
    const other = open();
    await other.marks.put("a", "", fresh);
    expect(other.keys()).toEqual(["ac_rVRyqol5dF_dst_lJCGup5Ev9BnJ_jJML", "ac_records_Gnq26EUZvniw3icfLaP0"]);
  });

  it("are looked for in each of their parts, and in no other", async () => {
    const { marks, reads } = open();
    expect(await marks.list(null, 10)).toEqual({ records: [], cursor: null });
    expect(reads).toHaveLength(16);
  });

  it("are noted for as long as the longest of their part lives", async () => {
    const opened = open();
    await putAll(opened, names);
    opened.writes.length = 0;
    await opened.marks.put("60", "", { version: null, lifeMs: 2.5 });
    expect(opened.writes.map(([, life]) => life)).toEqual([lifeMs, 3]);
    opened.clock.pass(1_000);
    opened.writes.length = 0;
    await opened.marks.put("61", "", { version: null, lifeMs: 2 * lifeMs });
    expect(opened.writes.map(([, life]) => life)).toEqual([2 * lifeMs, 2 * lifeMs]);
  });

  it("live no longer than the session store keeps anything", async () => {
    const opened = open(1_000);
    await putAll(opened, ["a"]);
    expect(opened.writes.map(([, life]) => life)).toEqual([1_000, 1_000]);
    opened.clock.pass(1_000);
    expect(await opened.marks.get("a")).toBeNull();
  });

  it("are noted anew only where they live longer", async () => {
    const opened = open();
    const version = await opened.marks.put("a", "", fresh);
    opened.writes.length = 0;
    const again = await opened.marks.put("a", "", { version, lifeMs });
    expect(opened.writes).toHaveLength(1);
    await opened.marks.put("a", "", { version: again, lifeMs: lifeMs + 1 });
    expect(opened.writes).toHaveLength(3);
  });

  it("that have ended are noted no longer once another comes to their part, or somebody lists them", async () => {
    const opened = open();
    await putAll(opened, names);
    opened.clock.pass(lifeMs);
    await putAll(
      opened,
      names.map((name) => `next ${name}`),
    );
    expect(Object.keys(await opened.noted()).toSorted()).toEqual(names.map((name) => `next ${name}`).toSorted());

    opened.clock.pass(lifeMs);
    expect(await walk(opened, 5)).toEqual([]);
    expect(opened.indexes()).toEqual([]);
  });

  it("that are deleted are noted no longer", async () => {
    const opened = open();
    await putAll(opened, names);
    for (const name of names.slice(1)) await opened.marks.delete(name);
    expect(Object.keys(await opened.noted())).toEqual([names[0]]);
    await opened.marks.delete(names[0]!);
    expect(opened.keys()).toEqual([]);
  });

  it("are deleted though their part could not be changed", async () => {
    const opened = open();
    await putAll(opened, ["a"]);
    opened.documents.write = () => Promise.reject(new Error("full"));
    opened.documents.remove = (key) =>
      key.startsWith("ac_records_") ? Promise.reject(new Error("full")) : opened.inner.remove(key);
    expect([await opened.marks.delete("a"), await opened.marks.get("a")]).toEqual([true, null]);
  });

  it("are none where something else stands in their place, and end in the moment they were to", async () => {
    const { marks, inner, records, clock } = open();
    await marks.put("a", "kept", fresh);
    const [place] = records();
    const endsAt = clock.now() + 1;
    for (const junk of [
      { value: 7, version: 1, endsAt },
      { value: "a", version: "1", endsAt },
      { value: "a", version: 1, endsAt: String(endsAt) },
      { value: "a", version: 1, endsAt: clock.now() },
      {},
    ]) {
      await inner.write(place!, junk, lifeMs);
      expect(await marks.get("a")).toBeNull();
    }
    await inner.write(place!, { value: "a", version: 1, endsAt }, lifeMs);
    expect(await marks.get("a")).toEqual({ key: "a", value: "a", version: 1 });
  });
});
