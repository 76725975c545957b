import assert from "node:assert/strict";
import type { Case } from "./stage";

const ttlMs = 10_000;

/** What is promised of claims and their outcomes. */
export const claimCases: readonly Case[] = [
  [
    "gives a claim to one owner until its time has passed",
    async ({ store, pass }) => {
      const owners = Array.from({ length: 20 }, (_, n) => `owner ${n}`);
      const claims = await Promise.all(owners.map((owner) => store.claim("attempt-1", owner, ttlMs)));
      assert.equal(claims.filter(({ ours }) => ours).length, 1);
      assert.equal((await store.claim("attempt-2", "somebody", ttlMs)).ours, true);
      await pass(ttlMs);
      assert.equal((await store.claim("attempt-1", "somebody", ttlMs)).ours, true);
    },
  ],
  [
    "says that a claim is ours as often as its owner asks, and how old it is",
    async ({ store }) => {
      await store.claim("attempt-1", "ours", ttlMs);
      await new Promise(setImmediate);
      assert.equal((await store.claim("attempt-1", "ours", ttlMs)).ours, true);
      const { ours, ageMs } = await store.claim("attempt-1", "theirs", ttlMs);
      assert.equal(ours, false);
      assert.ok(ageMs >= 0 && ageMs < ttlMs);
    },
  ],
  [
    "renews a claim for its owner, as long as it is a claim",
    async ({ store, pass }) => {
      await store.claim("attempt-1", "ours", ttlMs);
      await pass(0.6 * ttlMs);
      assert.equal(await store.renewClaim("attempt-1", "theirs", ttlMs), false);
      assert.equal(await store.renewClaim("attempt-1", "ours", ttlMs), true);
      await pass(0.6 * ttlMs);
      assert.equal((await store.claim("attempt-1", "theirs", ttlMs)).ours, false);
      await pass(0.6 * ttlMs);
      assert.equal(await store.renewClaim("attempt-1", "ours", ttlMs), false);
    },
  ],
  [
    "leaves a claim's outcome to those who lost it, for as long as was said",
    async ({ store, pass }) => {
      assert.equal(await store.outcome("attempt-1"), null);
      await store.settle("attempt-1", { grantId: "g" }, 6 * ttlMs);
      await pass(5 * ttlMs);
      assert.deepEqual(await store.outcome("attempt-1"), { grantId: "g" });
      await pass(ttlMs);
      assert.equal(await store.outcome("attempt-1"), null);
    },
  ],
];
