import { createHash } from "node:crypto";
import { isRecord } from "./body";
import type { ItemId, Progressed } from "./cursor";

export interface Item<T> {
  readonly value: T;
  readonly id: ItemId;
  /** UNIX seconds; null where it cannot be told. */
  readonly time: number | null;
}

/** Remembers what a walk has handed out in the window it is in. */
export interface Place {
  readonly edge: number | null;
  readonly fetched: number;
  /** Something was handed out since it was made. */
  readonly moved: boolean;
  readonly total: number | null;
  /** Told how many results a page says there are; the first of the whole walk counts. */
  expect(whole: number | null): void;
  /** Those of a page that were not handed out yet, each once. */
  unseen<T>(items: readonly Item<T>[]): Item<T>[];
  handOut(item: Item<unknown>): void;
  /** A window begins at the edge: forgets what it cannot show again. */
  forgetPassed(): void;
  /** Everything of the edge's second has been handed out. */
  leaveEdge(): void;
  progressed(to: number | null): Progressed;
}

/** Two records of almost the same second may not be listed in its order. */
export const slackSeconds = 60;

/** `sign` is 1 for a walk from old to new, and -1 for one from new to old. */
export function createPlace(start: Progressed | null, sign: 1 | -1): Place {
  let edge = start?.edge ?? null;
  let furthest = edge;
  let fetched = start?.fetched ?? 0;
  let total = start?.total ?? null;
  let told = start !== null;
  const seen = new Map<ItemId, number | null>(start?.ids.map((id) => [id, edge]));
  let atEdge: ItemId[] = [...seen.keys()];

  function moveEdge({ id, time }: Item<unknown>): void {
    if (time === null || time === edge) return void atEdge.push(id);
    const further = furthest === null || (time - furthest) * sign > 0;
    edge = time;
    if (further) furthest = time;
    // Where the list steps back in time, what it has shown of the time beyond it will show again.
    atEdge = further ? [id] : [...seen].filter(([, at]) => at === null || (at - time) * sign >= 0).map(([one]) => one);
  }

  const isPast = (at: number | null) => edge !== null && at !== null && (edge - at) * sign > slackSeconds;

  return {
    get edge() {
      return edge;
    },
    get fetched() {
      return fetched;
    },
    get moved() {
      return fetched > (start?.fetched ?? 0);
    },
    get total() {
      return total;
    },
    expect(whole) {
      if (!told) total = whole;
      told = true;
    },
    unseen(items) {
      const fresh = new Map(items.filter(({ id }) => !seen.has(id)).map((item) => [item.id, item]));
      return [...fresh.values()];
    },
    handOut(item) {
      seen.set(item.id, item.time);
      moveEdge(item);
      fetched++;
    },
    forgetPassed() {
      for (const [id, at] of seen) if (isPast(at)) seen.delete(id);
    },
    leaveEdge() {
      if (edge === null) return;
      edge += sign;
      atEdge = [];
    },
    progressed(to) {
      return { edge, ids: [...atEdge], to, fetched, total };
    },
  };
}

/** What makes an item itself: its id, or what it says where it has none. */
export function identify(value: unknown, idField: string): ItemId {
  const id = fieldOf(value, idField);
  if (typeof id === "number" || typeof id === "string") return id;
  return createHash("sha256").update(JSON.stringify(value)).digest("base64url").slice(0, 16);
}

/** UNIX seconds of a moment as Aircall writes it: so, or as ISO 8601 text. */
export function readTime(value: unknown, timeField: string): number | null {
  const moment = fieldOf(value, timeField);
  const seconds = typeof moment === "string" ? Date.parse(moment) / 1000 : moment;
  return typeof seconds === "number" && Number.isFinite(seconds) ? Math.floor(seconds) : null;
}

function fieldOf(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}
