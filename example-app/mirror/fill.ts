import { AircallError, type AircallClient } from "express-aircall";
import { mirrorCall, type MirroredCall } from "./mirrored-call";
import type { Filling } from "./progress";

export const weekSeconds = 7 * 86_400;

export interface FillParts {
  readonly client: AircallClient;
  /** Where an earlier walk ended; null at the beginning. */
  readonly begun: Filling | null;
  /** How many calls are kept at most. */
  readonly most: number;
  readonly now: () => number;
  /** Keeps calls and how far the walk has come. */
  readonly keep: (calls: readonly MirroredCall[], filling: Filling) => Promise<void>;
  /** Whether to go on: another process may have taken over. */
  readonly stillOurs: () => Promise<boolean>;
  readonly signal: AbortSignal;
}

/**
 * Walks the calls of the last week, the latest first, so that today is there at once. In the bulk lane: who waits for a
 * page goes first. A walk that was broken off goes on at its cursor.
 */
export async function fill({ client, begun, most, now, keep, stillOurs, signal }: FillParts): Promise<void> {
  let filling = begun ?? start(Math.floor(now() / 1000));
  const { begunAt } = filling;
  const query = { from: begunAt - weekSeconds, to: begunAt, order: "desc", fetch_contact: true } as const;
  const walk = client.calls.iterate(query, {
    lane: "bulk",
    signal,
    maxWaitMs: Infinity,
    cursor: filling.cursor,
    onProgress: ({ total }) => void (filling = { ...filling, total }),
  });

  for await (const { items: page } of walk.pages()) {
    const items = page.slice(0, most - filling.fetched);
    const completeFrom = items.at(-1)?.started_at ?? filling.completeFrom;
    const fetched = filling.fetched + items.length;
    filling = { ...filling, cursor: walk.cursor, fetched, completeFrom, trouble: null };
    const calls = items.map((call) => mirrorCall(call, begunAt));
    await keep(calls, filling);
    if (fetched >= most) break;
    if (!(await stillOurs())) return;
  }
  const dropped = Math.max(0, (filling.total ?? 0) - filling.fetched);
  const completeFrom = dropped > 0 ? filling.completeFrom : query.from;
  await keep([], { ...filling, state: "full", completeFrom, dropped });
}

function start(begunAt: number): Filling {
  return {
    ...{ state: "filling", fetched: 0, total: null, completeFrom: null, dropped: 0, trouble: null },
    ...{ cursor: null, begunAt },
  };
}

/** What to call that which stands in the way. */
export function troubleCode(error: unknown): string {
  return error instanceof AircallError ? error.code : "unexpected";
}
