import assert from "node:assert/strict";
import type { KeptRecord, RecordStore } from "../grants/store";
import { inTurn, lifeMs, newGrant, type Case } from "./stage";

const fresh = { version: null, lifeMs };
const keys = ["7", "a/b {c}", "Ünï ☎", "__proto__", "constructor", "x y\nz"];

/** What is promised of the small records beside the grants. */
export const recordCases: readonly Case[] = [
  [
    "gives back the records it was given, under any key and of their kind only",
    async ({ store }) => {
      const [records, others] = [store.records("marks"), store.records("marks 2")];
      const versions = await inTurn(keys, (key) => records.put(key, `value of ${key}`, fresh));
      assert.deepEqual(
        await inTurn(keys, (key) => store.records("marks").get(key)),
        keys.map((key, at) => ({ key, value: `value of ${key}`, version: versions[at] })),
      );
      assert.deepEqual(await inTurn([...keys, "none"], (key) => others.get(key)), [...keys.map(() => null), null]);
      assert.equal(await records.get("none"), null);
      assert.deepEqual(await store.idsOf(null, 7), []);
    },
  ],
  [
    "writes a record in the version that was read, and in no other",
    async ({ store }) => {
      const records = store.records("marks");
      const first = Number(await records.put("a", "", fresh));
      assert.equal(await records.put("a", "not new", fresh), null);
      const second = Number(await records.put("a", "second", { version: first, lifeMs }));
      assert.notEqual(second, first);
      assert.equal(await records.put("a", "late", { version: first, lifeMs }), null);
      assert.equal(await records.put("b", "of none", { version: first, lifeMs }), null);
      assert.deepEqual(await records.get("a"), { key: "a", value: "second", version: second });
      assert.equal(await records.get("b"), null);
    },
  ],
  [
    "lets exactly one of many who write a record through",
    async ({ store }) => {
      const records = store.records("marks");
      const writers = Array.from({ length: 20 }, (_, n) => `writer ${n}`);
      for (let version: number | null = null, round = 0; round < 3; round += 1) {
        const written = await Promise.all(writers.map((value) => records.put("a", value, { version, lifeMs })));
        const [at] = written.flatMap((each, index) => (each === null ? [] : [index]));
        assert.equal(written.filter((each) => each !== null).length, 1);
        version = written[at!]!;
        assert.deepEqual(await records.get("a"), { key: "a", value: writers[at!], version });
      }
    },
  ],
  [
    "deletes a record, and with a version that one only",
    async ({ store }) => {
      const records = store.records("marks");
      const first = Number(await records.put("a", "first", fresh));
      const second = Number(await records.put("a", "second", { version: first, lifeMs }));
      assert.equal(await records.delete("a", first), false);
      assert.equal((await records.get("a"))?.value, "second");
      assert.equal(await records.delete("a", second), true);
      assert.equal(await records.get("a"), null);
      assert.equal(await records.delete("a"), false);
      await records.put("a", "again", fresh);
      assert.equal(await records.delete("a"), true);
      assert.deepEqual(await list(records, 10), []);
    },
  ],
  [
    "takes no version of a record that was deleted for one of the record that came after it",
    async ({ store }) => {
      const records = store.records("marks");
      const former = Number(await records.put("a", "former", fresh));
      await records.delete("a");
      assert.equal(await records.put("a", "late", { version: former, lifeMs }), null);
      const next = await records.put("a", "next", fresh);
      assert.notEqual(next, null);
      assert.equal(await records.put("a", "late", { version: former, lifeMs }), null);
      assert.equal(await records.delete("a", former), false);
      assert.equal((await records.get("a"))?.value, "next");
    },
  ],
  [
    "keeps a record for its life from its last write, whatever is read",
    async ({ store, pass }) => {
      const records = store.records("marks");
      const version = await records.put("a", "1", fresh);
      await records.put("b", "1", fresh);
      await pass(0.7 * lifeMs);
      await records.put("a", "2", { version, lifeMs });
      assert.equal((await records.get("b"))?.value, "1");
      await pass(0.7 * lifeMs);
      assert.equal((await records.get("a"))?.value, "2");
      assert.equal(await records.get("b"), null);
      assert.equal(await records.delete("b"), false);
      assert.deepEqual(await list(records, 10), [["a", "2"]]);
      assert.notEqual(await records.put("b", "3", fresh), null);
    },
  ],
  [
    "lists the records of a kind, a page at a time and each once",
    async ({ store }) => {
      const records = store.records("marks");
      await store.create(newGrant(), lifeMs);
      await store.records("other marks").put("other", "", fresh);
      assert.deepEqual(await list(records, 10), []);
      const all = [...keys, ...Array.from({ length: 30 }, (_, n) => `key ${n}`)].sort();
      await inTurn(all, (key) => records.put(key, `value of ${key}`, fresh));
      await records.put("gone", "", fresh);
      await records.delete("gone");

      const expected = all.map((key) => [key, `value of ${key}`]);
      for (const limit of [1, 7, 100]) assert.deepEqual(await list(records, limit), expected);
      for (const { key, version } of (await records.list(null, 100)).records) {
        assert.deepEqual(await records.get(key), { key, value: `value of ${key}`, version });
      }
    },
  ],
];

/** Every record, by key. */
async function list(records: RecordStore, limit: number): Promise<[key: string, value: string][]> {
  const found: KeptRecord[] = [];
  for (let cursor: string | null = null, pages = 0; cursor !== null || pages === 0; pages += 1) {
    const page = await records.list(cursor, limit);
    assert.ok(page.records.length <= limit, `A page of ${limit} has ${page.records.length} records.`);
    assert.ok(pages < 1_000, "The list has no end.");
    found.push(...page.records);
    cursor = page.cursor;
  }
  return found.map(({ key, value }): [string, string] => [key, value]).sort(([one], [other]) => (one < other ? -1 : 1));
}
