import assert from "node:assert/strict";
import type { Grant } from "../grants/grant";
import { lifeMs, newGrant, type Case, type Stage } from "./stage";

const longestRow = 12;

/** Random rows of calls on two grants; a row that fails is shown, and comes again the next time. */
export const rowsOfCalls: Case = [
  "answers any row of calls as a plain map with versions would",
  async (stage) => {
    const random = createRandom(1);
    for (let run = 0; run < stage.numRuns; run += 1) {
      const row = Array.from({ length: Math.floor(random() * (longestRow + 1)) }, () => randomCall(random));
      await playRow(stage, row);
    }
  },
];

interface Call {
  readonly kind: "get" | "replace" | "delete";
  readonly which: number;
  readonly version: number;
  readonly token: string;
}

function randomCall(random: () => number): Call {
  const upTo = (most: number) => Math.floor(random() * most);
  const kinds = ["get", "replace", "replace", "replace", "delete"] as const;
  const letters = Array.from({ length: 1 + upTo(20) }, () => String.fromCharCode(33 + upTo(94)));
  return { kind: kinds[upTo(kinds.length)] ?? "get", which: upTo(2), version: 1 + upTo(4), token: letters.join("") };
}

async function playRow({ store }: Stage, row: readonly Call[]): Promise<void> {
  const ids = [await store.create(newGrant(), lifeMs), await store.create(newGrant(), lifeMs)];
  const model = new Map<string, Grant>(ids.map((id) => [id, { ...newGrant(), version: 1 }]));
  const told = `After ${JSON.stringify(row)}`;

  for (const { kind, which, version, token } of row) {
    const id = String(ids[which]);
    const stored = model.get(id) ?? null;
    if (kind === "get") assert.deepEqual(await store.get(id), stored, told);
    if (kind === "delete") await store.delete(id);
    if (kind === "delete") model.delete(id);
    if (kind !== "replace") continue;

    const grant = newGrant({ accessToken: token });
    assert.equal(await store.replace(id, version, grant), stored?.version === version, told);
    if (stored?.version === version) model.set(id, { ...grant, version: version + 1 });
  }
  for (const id of ids) assert.deepEqual(await store.get(id), model.get(id) ?? null, told);
  await Promise.all(ids.map((id) => store.delete(id)));
}

/** Numbers from 0 to 1, the same ones for the same seed: mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
