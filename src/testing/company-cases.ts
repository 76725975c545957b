import assert from "node:assert/strict";
import type { Grant, NewGrant } from "../grants/grant";
import type { GrantStore } from "../grants/store";
import { app, inTurn, lifeMs, newGrant, otherApp, type Case } from "./stage";

const accountOf = (id: number | null): Grant["account"] => ({ id, name: null, user: null });
const nobodys = accountOf(null);
const refs = ["7", "a/b {c}", "Ünï ☎"];

/** What is promised of companies, and of whose a grant is. */
export const companyCases: readonly Case[] = [
  [
    "tells the grants of one app from those of another, and from those of none",
    async ({ store }) => {
      const apps = [app, otherApp, null];
      const ids = await Promise.all(apps.map((one) => store.create(newGrant({ app: one }), lifeMs)));
      const found = await inTurn(apps, (one) => store.idsOf(one, 7));
      assert.deepEqual(found, ids.map(listed));
    },
  ],
  [
    "tells the grants of one company from those of another",
    async ({ store }) => {
      const mine = await Promise.all([1, 2, 3].map(() => store.create(newGrant(), lifeMs)));
      const theirs = await store.create(newGrant({ account: accountOf(8) }), lifeMs);
      await store.delete(String(mine.pop()));
      assert.deepEqual((await store.idsOf(app, 7)).sort(), mine.sort());
      assert.deepEqual(await store.idsOf(app, 8), [theirs]);
      assert.deepEqual(await store.idsOf(app, 9), []);
    },
  ],
  [
    "finds a company's grants by Aircall's id and by the app's own name",
    async ({ store }) => {
      const named = await Promise.all(refs.map((ref) => store.create(newGrant({ ref }), lifeMs)));
      const key = newGrant({ account: nobodys, ref: "key", apiId: "an-id" });
      const keyed = await store.create(key, lifeMs);

      assert.deepEqual(await inTurn(refs, (ref) => store.idsOf(app, { ref })), named.map(listed));
      assert.deepEqual((await store.idsOf(app, 7)).sort(), [...named].sort());
      assert.deepEqual(await store.idsOf(app, { ref: "key" }), [keyed]);
      assert.deepEqual(await store.get(keyed), { ...key, version: 1 });
      await Promise.all(named.map((id) => store.delete(id)));
      assert.deepEqual((await inTurn(refs, (ref) => store.idsOf(app, { ref }))).flat(), []);
    },
  ],
  [
    "lists the companies of an app, a page at a time and each once",
    async ({ store }) => {
      const created = new Map<string, string[]>();
      const connect = async (name: string, grant: NewGrant) =>
        created.set(name, [...(created.get(name) ?? []), await store.create(grant, lifeMs)]);
      for (let id = 1; id <= 20; id += 1) await connect(`id ${id}`, newGrant({ account: accountOf(id), ref: "own" }));
      await inTurn(["1", "2", "{3} ☎"], (ref) => connect(`ref ${ref}`, newGrant({ account: nobodys, ref })));
      await connect("id 5", newGrant({ account: accountOf(5) }));
      await store.create(newGrant({ account: accountOf(99), app: otherApp }), lifeMs);
      await store.create(newGrant({ account: nobodys }), lifeMs);

      const all = [...created].map(([name, ids]): [string, string[]] => [name, ids.sort()]).sort(byName);
      for (const limit of [1, 7, 100]) assert.deepEqual(await list(store, limit), all);
    },
  ],
  [
    "reads many grants as it reads each of them, where it can",
    async ({ store }) => {
      if (!store.getMany) return;
      const [ended, ...ids] = await inTurn(["a", "b", "c"], (accessToken) =>
        store.create(newGrant({ accessToken }), lifeMs),
      );
      await store.delete(String(ended));
      const asked = [String(ended), ...ids, "no id", "a".repeat(32), String(ids[0])];
      assert.deepEqual(await store.getMany(asked), await inTurn(asked, (id) => store.get(id)));
      assert.deepEqual(await store.getMany([]), []);
    },
  ],
  [
    "lists no company whose grants have ended, and again one that came back",
    async ({ store, pass }) => {
      const names = async () => (await list(store, 10)).map(([name]) => name);
      const id = await store.create(newGrant(), lifeMs);
      await store.create(newGrant({ account: accountOf(8) }), 4 * lifeMs);
      await store.delete(id);
      assert.deepEqual(await names(), ["id 8"]);
      await store.create(newGrant(), lifeMs);
      assert.deepEqual(await names(), ["id 7", "id 8"]);
      await pass(2 * lifeMs);
      assert.deepEqual(await names(), ["id 8"]);
    },
  ],
];

/** The companies by name, each with the ids of its grants. */
async function list(store: GrantStore, limit: number): Promise<[name: string, ids: string[]][]> {
  const found: [string, string[]][] = [];
  for (let cursor: string | null = null, pages = 0; cursor !== null || pages === 0; pages += 1) {
    const page = await store.companies(app, cursor, limit);
    assert.ok(page.companies.length <= limit, `A page of ${limit} has ${page.companies.length} companies.`);
    assert.ok(pages < 1_000, "The list has no end.");
    for (const { company, ids } of page.companies) {
      found.push([typeof company === "number" ? `id ${company}` : `ref ${company.ref}`, [...ids].sort()]);
    }
    cursor = page.cursor;
  }
  return found.sort(byName);
}

function byName([one]: [string, unknown], [other]: [string, unknown]): number {
  return one < other ? -1 : 1;
}

function listed(id: string): string[] {
  return [id];
}
