import assert from "node:assert/strict";
import { app, lifeMs, newGrant, type Case } from "./stage";

const noIds = ["", "x", "a".repeat(32), "../../../../../../../../../../etc", "__proto__", "constructor"];

/** What is promised of grants: how they are kept, found, written and ended. */
export const grantCases: readonly Case[] = [
  [
    "gives back the grant it was given, under an id of 32 characters",
    async ({ store }) => {
      const id = await store.create(newGrant(), lifeMs);
      assert.match(id, /^[\w-]{32}$/);
      assert.deepEqual(await store.get(id), { ...newGrant(), version: 1 });
    },
  ],
  [
    "keeps what Aircall does not say as null",
    async ({ store }) => {
      const bare = newGrant({ refreshToken: null, expiresAt: null, account: { id: null, name: null, user: null } });
      assert.deepEqual(await store.get(await store.create(bare, lifeMs)), { ...bare, version: 1 });
    },
  ],
  [
    "does not share its grants with those who read them",
    async ({ store }) => {
      const id = await store.create(newGrant(), lifeMs);
      (await store.get(id))?.obtainedAt.setTime(0);
      assert.deepEqual((await store.get(id))?.obtainedAt, newGrant().obtainedAt);
    },
  ],
  ...noIds.map((id): Case => [
    `knows no grant ${JSON.stringify(id)}`,
    async ({ store }) => {
      assert.equal(await store.get(id), null);
      assert.equal(await store.replace(id, 1, newGrant()), false);
      assert.equal(await store.delete(id), undefined);
    },
  ]),
  [
    "lets exactly one of many writers of a version through",
    async ({ store }) => {
      const id = await store.create(newGrant(), lifeMs);
      const writers = Array.from({ length: 20 }, (_, n) => newGrant({ accessToken: `access-${n}` }));
      const written = await Promise.all(writers.map((grant) => store.replace(id, 1, grant)));
      assert.equal(written.filter(Boolean).length, 1);
      assert.deepEqual(await store.get(id), { ...writers[written.indexOf(true)], version: 2 });
    },
  ],
  [
    "refuses a late writer and one from the future",
    async ({ store }) => {
      const id = await store.create(newGrant(), lifeMs);
      assert.equal(await store.replace(id, 1, newGrant({ accessToken: "second" })), true);
      assert.equal(await store.replace(id, 1, newGrant({ accessToken: "late" })), false);
      assert.equal(await store.replace(id, 3, newGrant({ accessToken: "early" })), false);
      assert.deepEqual(await store.get(id), { ...newGrant({ accessToken: "second" }), version: 2 });
    },
  ],
  [
    "never brings a deleted grant back, whoever was writing it",
    async ({ store }) => {
      for (let round = 0; round < 20; round += 1) {
        const id = await store.create(newGrant(), lifeMs);
        await Promise.all([store.replace(id, 1, newGrant()), store.delete(id), store.replace(id, 2, newGrant())]);
        assert.equal(await store.get(id), null);
        assert.equal(await store.replace(id, 1, newGrant()), false);
      }
    },
  ],
  [
    "forgets a grant that nobody used for twice its life",
    async ({ store, pass }) => {
      const id = await store.create(newGrant(), lifeMs);
      await pass(2 * lifeMs);
      assert.equal(await store.get(id), null);
      assert.equal(await store.replace(id, 1, newGrant()), false);
      assert.deepEqual(await store.idsOf(app, 7), []);
    },
  ],
  [
    "lets a grant that is prolonged live for twice that life again, and none that is only read",
    async ({ store, pass }) => {
      const [used, read] = [await store.create(newGrant(), lifeMs), await store.create(newGrant(), lifeMs)];
      await pass(1.5 * lifeMs);
      assert.equal(await store.prolong(used, lifeMs), true);
      assert.notEqual(await store.get(read), null);
      await pass(1.5 * lifeMs);
      assert.equal(await store.get(read), null);
      assert.equal((await store.get(used))?.version, 1);
      assert.deepEqual(await store.idsOf(app, 7), [used]);
    },
  ],
  [
    "shortens no life by prolonging it for less",
    async ({ store, pass }) => {
      const id = await store.create(newGrant(), lifeMs, "a");
      assert.equal(await store.prolong(id, lifeMs / 4, "a"), true);
      await pass(1.5 * lifeMs);
      assert.notEqual(await store.get(id, "a"), null);
    },
  ],
  [
    "does not bring a grant back by prolonging it while it is deleted",
    async ({ store }) => {
      const id = await store.create(newGrant(), lifeMs, "a");
      await Promise.all([store.prolong(id, lifeMs), store.delete(id), store.prolong(id, lifeMs, "a")]);
      assert.equal(await store.get(id), null);
      assert.equal(await store.prolong(id, lifeMs), false);
      assert.equal(await store.link(id, "b", lifeMs), false);
      assert.equal(await store.get(id, "b"), null);
    },
  ],
];
