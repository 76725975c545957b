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
export class Place {
  readonly #order: Order;
  readonly #seen: Map<ItemId, number | null>;
  readonly #fetchedBefore: number;
  #edge: number | null;
  #fetched: number;
  #total: number | null;
  #told: boolean;
  /** The list has gone on from one second to a later one, so what it began with is not its end. */
  #risen: boolean;
  #held: { readonly resume: number | null } | null = null;

  constructor(start: Progressed | null, order: Order) {
    this.#order = order;
    this.#edge = start?.edge ?? null;
    this.#fetched = this.#fetchedBefore = start?.fetched ?? 0;
    this.#total = start?.total ?? null;
    this.#told = start !== null;
    this.#risen = this.#edge !== null;
    this.#seen = new Map(start?.ids.map((id) => [id, start.edge]));
  }

  /** UNIX seconds of what was handed out last; null where it has no time. */
  get edge(): number | null {
    return this.#edge;
  }

  /** From when on the list is to be read again; null where only all of it will do. */
  get resume(): number | null {
    const { kept, lost, sign } = this.#order;
    if (this.#held && !lost) return this.#held.resume;
    if (this.#edge === null || !this.#risen || lost) return null;
    return kept ? this.#edge : this.#edge - slackSeconds * sign;
  }

  get fetched(): number {
    return this.#fetched;
  }

  /** Something was handed out since it was made. */
  get moved(): boolean {
    return this.#fetched > this.#fetchedBefore;
  }

  get total(): number | null {
    return this.#total;
  }

  /** Told how many results a page says there are; the first of the whole walk counts. */
  expect(whole: number | null): void {
    if (!this.#told) this.#total = whole;
    this.#told = true;
  }

  /** Those of a page that were not handed out yet, each once. */
  unseen<T>(items: readonly Item<T>[]): Item<T>[] {
    const fresh = new Map(items.filter(({ id }) => !this.#seen.has(id)).map((item) => [item.id, item]));
    const first = items.findIndex(({ id }) => fresh.has(id));
    for (const item of first === -1 ? items : items.slice(0, first)) this.#moveEdge(item);
    return [...fresh.values()];
  }

  handOut(item: Item<unknown>): void {
    this.#seen.set(item.id, item.time);
    this.#fetched++;
    this.#moveEdge(item);
  }

  /** From now on nothing is passed that is handed out, until it can be vouched for: `resume` stays where it is. */
  hold(): void {
    this.#held ??= { resume: this.resume };
  }

  vouch(): void {
    this.#held = null;
  }

  /** Forgets what cannot be shown again. */
  forgetPassed(): void {
    for (const [id, at] of this.#seen) if (this.#isPast(at)) this.#seen.delete(id);
  }

  /** Everything of the edge's second has been handed out. */
  leaveEdge(): void {
    if (this.#edge === null) return;
    this.#edge += this.#order.sign;
    this.#risen = true;
  }

  progressed(to: number | null): Progressed {
    const again = [...this.#seen].filter(([, at]) => !this.#isPast(at));
    return { edge: this.resume, ids: again.map(([id]) => id), to, fetched: this.#fetched, total: this.#total };
  }

  #moveEdge({ time }: Item<unknown>): void {
    if (time === null || (this.#edge !== null && (time - this.#edge) * this.#order.sign <= 0)) return;
    this.#risen ||= this.#edge !== null;
    this.#edge = time;
  }

  /** A list may give a little of what is before the moment that it is asked from. */
  #isPast(at: number | null): boolean {
    const from = this.resume;
    return at !== null && from !== null && (from - at) * this.#order.sign > slackSeconds;
  }
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
