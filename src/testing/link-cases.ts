import assert from "node:assert/strict";
import { inTurn, lifeMs, newGrant, type Case } from "./stage";

/** What is promised of links: to a grant that was made for a session with the link `own`, and to one that was not. */
const casesOf = (whose: string, own: string | undefined): Case[] => [
  [
    `gives the grant of ${whose} to those whose link leads to it`,
    async ({ store }) => {
      const id = await store.create(newGrant(), lifeMs, own);
      assert.equal(await store.link(id, "b", lifeMs), true);
      assert.deepEqual(await store.get(id, "a"), own === undefined ? null : { ...newGrant(), version: 1 });
      assert.deepEqual(await store.get(id, "b"), { ...newGrant(), version: 1 });
      assert.equal(await store.get(id, "c"), null);
      assert.notEqual(await store.get(id), null);
    },
  ],
  [
    `makes no link to the grant of ${whose} in place of one that has ended`,
    async ({ store }) => {
      const id = await store.create(newGrant(), lifeMs, own);
      await store.link(id, "b", lifeMs);
      assert.equal(await store.link(id, "c", lifeMs, "b"), true);
      await store.unlink(id, "b");
      assert.equal(await store.link(id, "d", lifeMs, "b"), false);
      assert.equal(await store.get(id, "d"), null);
      assert.notEqual(await store.get(id, "c"), null);
    },
  ],
  [
    `ends one link to the grant of ${whose}, and neither another nor the grant`,
    async ({ store }) => {
      const id = await store.create(newGrant(), lifeMs, own);
      await inTurn(["b", "c"], (link) => store.link(id, link, lifeMs));
      await Promise.all([store.unlink(id, "b"), store.unlink(id, "b"), store.unlink(id, "never")]);
      assert.equal(await store.get(id, "b"), null);
      assert.notEqual(await store.get(id, "c"), null);
      assert.notEqual(await store.get(id), null);
    },
  ],
  [
    `prolongs a link with the grant of ${whose}, and not by one that has ended`,
    async ({ store, pass }) => {
      const id = await store.create(newGrant(), 3 * lifeMs, own);
      await inTurn(["b", "c"], (link) => store.link(id, link, lifeMs));
      await store.unlink(id, "c");
      await pass(1.5 * lifeMs);
      assert.equal(await store.prolong(id, lifeMs, "b"), true);
      assert.equal(await store.prolong(id, 100 * lifeMs, "c"), false);
      await pass(1.5 * lifeMs);
      assert.notEqual(await store.get(id, "b"), null);
      assert.equal(await store.get(id, "c"), null);
      await pass(4 * lifeMs);
      assert.equal(await store.get(id), null);
    },
  ],
  [
    `keeps the links to the grant of ${whose} over a write`,
    async ({ store }) => {
      const id = await store.create(newGrant(), lifeMs, own);
      await store.link(id, "b", lifeMs);
      await store.replace(id, 1, newGrant({ accessToken: "second" }));
      assert.deepEqual(await store.get(id, "b"), { ...newGrant({ accessToken: "second" }), version: 2 });
    },
  ],
];

export const linkCases: readonly Case[] = [...casesOf("a session", "a"), ...casesOf("a company", undefined)];
