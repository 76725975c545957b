import assert from "node:assert/strict";
import type { Case } from "./stage";

/** What is promised of locks, within one process. */
export const lockCases: readonly Case[] = [
  [
    "runs work under one lock in the order of arrival, one at a time",
    async ({ store }) => {
      const log: string[] = [];
      const work = (n: number) => async () => {
        log.push(`begin ${n}`);
        await new Promise(setImmediate);
        log.push(`end ${n}`);
        if (n === 1) throw new Error("one fails");
        return n;
      };

      const results = await Promise.allSettled([1, 2, 3].map((n) => store.withLock("g", work(n))));

      assert.deepEqual(
        results.map(({ status }) => status),
        ["rejected", "fulfilled", "fulfilled"],
      );
      assert.deepEqual(log, ["begin 1", "end 1", "begin 2", "end 2", "begin 3", "end 3"]);
    },
  ],
  [
    "keeps locks of different grants apart, and says how long one is held",
    async ({ store }) => {
      const remainingMs = await store.withLock("a", () =>
        store.withLock("b", (lock) => Promise.resolve(lock.remainingMs())),
      );
      assert.ok(remainingMs >= 20_000, `A renewal takes up to 20 s, and the lock is ours for ${remainingMs} ms.`);
    },
  ],
];
