import { sha256 } from "../config/sha256";
import { isRecord } from "../http/response-body";
import type { ItemId, Progressed } from "./cursor";
import { type Order, slackSeconds } from "./order";

export interface Item<T> {
  readonly value: T;
  readonly id: ItemId;
  /** UNIX seconds; null where it cannot be told. */
  readonly time: number | null;
}

/** Remembers what a walk has handed out, as far as the list may show it again. */
export interface Place {
  /** UNIX seconds of what was handed out last; null where it has no time. */
  readonly edge: number | null;
  /** From when on the list is to be read again; null where only all of it will do. */
  readonly resume: number | null;
  readonly fetched: number;
  /** Something was handed out since it was made. */
  readonly moved: boolean;
  readonly total: number | null;
  /** Told how many results a page says there are; the first of the whole walk counts. */
  expect(whole: number | null): void;
  /** Those of a page that were not handed out yet, each once. */
  unseen<T>(items: readonly Item<T>[]): Item<T>[];
  handOut(item: Item<unknown>): void;
  /** From now on nothing is passed that is handed out, until it can be vouched for: `resume` stays where it is. */
  hold(): void;
  vouch(): void;
  /** Forgets what cannot be shown again. */
  forgetPassed(): void;
  /** Everything of the edge's second has been handed out. */
  leaveEdge(): void;
  progressed(to: number | null): Progressed;
}

export function createPlace(start: Progressed | null, order: Order): Place {
  const { sign } = order;
  let edge = start?.edge ?? null;
  let fetched = start?.fetched ?? 0;
  let total = start?.total ?? null;
  let told = start !== null;
  /** The list has gone on from one second to a later one, so what it began with is not its end. */
  let risen = edge !== null;
  const seen = new Map<ItemId, number | null>(start?.ids.map((id) => [id, edge]));

  let held: { readonly resume: number | null } | null = null;

  function resume(): number | null {
    if (held && !order.lost) return held.resume;
    if (edge === null || !risen || order.lost) return null;
    return order.kept ? edge : edge - slackSeconds * sign;
  }

  function moveEdge({ time }: Item<unknown>): void {
    if (time === null || (edge !== null && (time - edge) * sign <= 0)) return;
    risen ||= edge !== null;
    edge = time;
  }

  /** A list may give a little of what is before the moment that it is asked from. */
  function isPast(at: number | null): boolean {
    const from = resume();
    return at !== null && from !== null && (from - at) * sign > slackSeconds;
  }

  return {
    get edge() {
      return edge;
    },
    get resume() {
      return resume();
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
      const first = items.findIndex(({ id }) => fresh.has(id));
      for (const item of first === -1 ? items : items.slice(0, first)) moveEdge(item);
      return [...fresh.values()];
    },
    handOut(item) {
      seen.set(item.id, item.time);
      fetched++;
      moveEdge(item);
    },
    hold() {
      held ??= { resume: resume() };
    },
    vouch() {
      held = null;
    },
    forgetPassed() {
      for (const [id, at] of seen) if (isPast(at)) seen.delete(id);
    },
    leaveEdge() {
      if (edge === null) return;
      edge += sign;
      risen = true;
    },
    progressed(to) {
      const again = [...seen].filter(([, at]) => !isPast(at));
      return { edge: resume(), ids: again.map(([id]) => id), to, fetched, total };
    },
  };
}

/** What makes an item itself: its id, or what it says where it has none. */
export function identify(value: unknown, idField: string): ItemId {
  const id = fieldOf(value, idField);
  if (typeof id === "number" || typeof id === "string") return id;
  return sha256(JSON.stringify(value)).slice(0, 16);
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
