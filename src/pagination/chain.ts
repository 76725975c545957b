import type { ItemId } from "./cursor";
import { type Order, slackSeconds } from "./order";
import type { Item } from "./progress";
import type { Base } from "./strides";

/** One answer of a walk, as far as its place in the list is concerned. */
export interface Link<T = unknown> {
  readonly items: readonly Item<T>[];
  /** How many results its query has; null where the list does not say. */
  readonly total: number | null;
  readonly hasNext: boolean;
  /** Where its first item stands in its query; null where it is behind all that came before. */
  readonly index: number | null;
  /** Whether it shows again what the page before ended with, begins where that one ended, or is where that one led. */
  readonly how: "overlapping" | "counted" | "led";
}

interface Shift extends Base {
  readonly time: number;
}

const mostShifts = 128;
/** As many as Aircall lets anybody page through. */
const mostRemembered = 10_000;

/** The items of one window in their order, each page joined to what the one before it ended with. */
export class Chain {
  readonly #order: Order;
  readonly #spanFrom: (time: number) => Base["span"];
  readonly #positions = new Map<ItemId, number>();
  readonly #shifts: Shift[] = [];
  #length = 0;
  #total: number | null = null;
  #furthest: number | null = null;
  #begun = false;

  /** `spanFrom` gives the query that begins at a moment. */
  constructor(order: Order, spanFrom: (time: number) => Base["span"]) {
    this.#order = order;
    this.#spanFrom = spanFrom;
  }

  /** How many there are so far. */
  get length(): number {
    return this.#length;
  }

  /** How many there will be, as far as the latest page tells. */
  get total(): number | null {
    return this.#total;
  }

  /** Later moments that a query may begin at, without leaving out anything to come. */
  shifted(): readonly Base[] {
    const { kept, lost, sign } = this.#order;
    if (kept) return this.#shifts;
    if (lost || this.#furthest === null) return [];
    const latest = this.#furthest - slackSeconds * sign;
    return this.#shifts.filter(({ time }) => !this.#isBefore(latest, time));
  }

  /** Those of its items that are new; null where something may have slipped between it and the page before. */
  join<T>(link: Link<T>): Item<T>[] | null {
    const { items, index } = link;
    const fresh = items.filter(({ id }) => !this.#positions.has(id));
    const end = index === null ? this.#length + fresh.length : index + items.length;
    const behind = link.total === null ? null : Math.max(0, link.total - end);
    if (items.length === 0 && saysMore(link)) return null;
    if (this.#begun && (this.#isShort(behind, fresh.length) || !this.#follows(link))) return null;
    this.#begun = true;
    if (this.#isTurnedRound(items)) this.#order.stepBack(Infinity);
    for (const item of fresh) this.#append(item);
    this.#total = behind === null ? null : this.#length + behind;
    return fresh;
  }

  /** The same for two readings that brought the same. */
  trace(): string {
    return [...this.#positions.keys()].join();
  }

  /** What stood behind the page before stands on this one or behind it: else it has slipped in between. */
  #isShort(behind: number | null, fresh: number): boolean {
    return this.#total !== null && behind !== null && behind + fresh < this.#total - this.#length;
  }

  #follows(link: Link): boolean {
    if (link.how === "overlapping") return this.#overlaps(link) || this.#reachesOver(link);
    return link.how === "led" || link.items.every(({ id }) => !this.#positions.has(id));
  }

  /** Some of what is known, up to its end, and then what is not. */
  #overlaps({ items, hasNext }: Link): boolean {
    const known = items.map(({ id }) => this.#positions.get(id));
    const unknown = known.indexOf(undefined);
    const fresh = unknown === -1 ? items.length : unknown;
    if (fresh === 0 || known.slice(fresh).some((at) => at !== undefined)) return false;
    for (let n = 1; n < fresh; n++) if (known[n]! <= known[n - 1]!) return false;
    return known[fresh - 1] === this.#length - 1 && (fresh < items.length || !hasNext);
  }

  /** It begins before the second that all the others ended in, and goes beyond: whatever order that has, all of it is there. */
  #reachesOver({ items }: Link): boolean {
    const furthest = this.#furthest;
    const times = items.map(({ time }) => time);
    const rises = times.every((time, n) => time !== null && (n === 0 || !this.#isBefore(time, times[n - 1]!)));
    const [first, last] = [times[0] ?? null, times.at(-1) ?? null];
    if (!this.#order.kept || !rises || furthest === null || first === null || last === null) return false;
    return this.#isBefore(first, furthest) && this.#isBefore(furthest, last) && this.#positions.has(items[0]!.id);
  }

  #isTurnedRound(items: readonly Item<unknown>[]): boolean {
    const { sign } = this.#order;
    const times = items.map(({ time }) => time).filter((time) => time !== null);
    const steps = times.slice(1).map((time, n) => time - times[n]!);
    return steps.some((step) => step * sign < 0) && !steps.some((step) => step * sign > 0);
  }

  #append({ id, time }: Item<unknown>): void {
    if (this.#positions.has(id)) return;
    if (time !== null) this.#place(time);
    this.#positions.set(id, this.#length++);
    if (this.#positions.size > mostRemembered) this.#positions.delete(this.#positions.keys().next().value!);
  }

  #place(time: number): void {
    const furthest = this.#furthest;
    if (time === furthest) return;
    if (furthest !== null && this.#isBefore(time, furthest)) {
      this.#order.stepBack(Math.abs(furthest - time));
      for (const shift of this.#shifts) if (this.#isBefore(time, shift.time)) shift.at += 1;
      return;
    }
    if (furthest !== null) this.#shifts.push({ time, span: this.#spanFrom(time), at: this.#length });
    if (this.#shifts.length > mostShifts) this.#shifts.shift();
    this.#furthest = time;
  }

  #isBefore(one: number, other: number): boolean {
    return (other - one) * this.#order.sign > 0;
  }
}

/** An empty page that leads to another: no list ends so, it has come without its items. */
function saysMore({ hasNext, how }: Link): boolean {
  return how !== "led" && hasNext;
}
