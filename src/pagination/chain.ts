import type { ItemId } from "./cursor";
import { type Order, slackSeconds } from "./order";
import type { Item } from "./progress";
import type { Base } from "./strides";

/** One answer of a walk, as far as its place in the list is concerned. */
interface Link<T> {
  readonly items: readonly Item<T>[];
  /** How many results its query has; null where the list does not say. */
  readonly total: number | null;
  readonly hasNext: boolean;
  /** Where its first item stands in its query; null where it is behind all that came before. */
  readonly index: number | null;
  /** Whether it shows again what the page before ended with, begins where that one ended, or is where that one led. */
  readonly how: "overlapping" | "counted" | "led";
}

/** The items of one window in their order, each page joined to what the one before it ended with. */
export interface Chain {
  /** How many there are so far. */
  readonly length: number;
  /** How many there will be, as far as the latest page tells. */
  readonly total: number | null;
  /** Later moments that a query may begin at, without leaving out anything to come. */
  shifted(): readonly Base[];
  /** Those of its items that are new; null where something may have slipped between it and the page before. */
  join<T>(link: Link<T>): Item<T>[] | null;
  /** The same for two readings that brought the same. */
  trace(): string;
}

interface Shift extends Base {
  readonly time: number;
}

const mostShifts = 128;
/** As many as Aircall lets anybody page through. */
const mostRemembered = 10_000;

/** `spanFrom` gives the query that begins at a moment. */
export function createChain(order: Order, spanFrom: (time: number) => Base["span"]): Chain {
  const { sign } = order;
  const positions = new Map<ItemId, number>();
  const shifts: Shift[] = [];
  let length = 0;
  let total: number | null = null;
  let furthest: number | null = null;
  let begun = false;

  const isBefore = (one: number, other: number) => (other - one) * sign > 0;

  /** Some of what is known, up to its end, and then what is not. */
  function overlaps({ items, hasNext }: Link<unknown>): boolean {
    const known = items.map(({ id }) => positions.get(id));
    const unknown = known.indexOf(undefined);
    const fresh = unknown === -1 ? items.length : unknown;
    if (fresh === 0 || known.slice(fresh).some((at) => at !== undefined)) return false;
    for (let n = 1; n < fresh; n++) if (known[n]! <= known[n - 1]!) return false;
    return known[fresh - 1] === length - 1 && (fresh < items.length || !hasNext);
  }

  /** It begins before the second that all the others ended in, and goes beyond: whatever order that has, all of it is there. */
  function reachesOver({ items }: Link<unknown>): boolean {
    const times = items.map(({ time }) => time);
    const rises = times.every((time, n) => time !== null && (n === 0 || !isBefore(time, times[n - 1]!)));
    const [first, last] = [times[0] ?? null, times.at(-1) ?? null];
    if (!order.kept || !rises || furthest === null || first === null || last === null) return false;
    return isBefore(first, furthest) && isBefore(furthest, last) && positions.has(items[0]!.id);
  }

  function follows(link: Link<unknown>): boolean {
    if (link.how === "overlapping") return overlaps(link) || reachesOver(link);
    return link.how === "led" || link.items.every(({ id }) => !positions.has(id));
  }

  function isTurnedRound(items: readonly Item<unknown>[]): boolean {
    const times = items.map(({ time }) => time).filter((time) => time !== null);
    const steps = times.slice(1).map((time, n) => time - times[n]!);
    return steps.some((step) => step * sign < 0) && !steps.some((step) => step * sign > 0);
  }

  function append({ id, time }: Item<unknown>): void {
    if (positions.has(id)) return;
    if (time !== null) place(time);
    positions.set(id, length++);
    if (positions.size > mostRemembered) positions.delete(positions.keys().next().value!);
  }

  function place(time: number): void {
    if (time === furthest) return;
    if (furthest !== null && isBefore(time, furthest)) {
      order.stepBack(Math.abs(furthest - time));
      for (const shift of shifts) if (isBefore(time, shift.time)) shift.at += 1;
      return;
    }
    if (furthest !== null) shifts.push({ time, span: spanFrom(time), at: length });
    if (shifts.length > mostShifts) shifts.shift();
    furthest = time;
  }

  return {
    get length() {
      return length;
    },
    get total() {
      return total;
    },
    shifted() {
      if (order.kept) return shifts;
      if (order.lost || furthest === null) return [];
      const latest = furthest - slackSeconds * sign;
      return shifts.filter(({ time }) => !isBefore(latest, time));
    },
    join(link) {
      const { items, index } = link;
      const fresh = items.filter(({ id }) => !positions.has(id));
      const end = index === null ? length + fresh.length : index + items.length;
      const behind = link.total === null ? null : Math.max(0, link.total - end);
      // What stood behind the page before stands on this one or behind it: else it has slipped in between.
      const fewer = total !== null && behind !== null && behind + fresh.length < total - length;
      if (begun && (fewer || !follows(link))) return null;
      begun = true;
      if (isTurnedRound(items)) order.stepBack(Infinity);
      fresh.forEach(append);
      total = behind === null ? null : length + behind;
      return fresh;
    },
    trace: () => [...positions.keys()].join(),
  };
}
