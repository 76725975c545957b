/** Lists whose items stay in the order of a time in UNIX seconds, earliest first. */
type TimeOf<T> = (item: T) => number;

/** The items from one time to another, both included. */
export function between<T>(
  items: readonly T[],
  timeOf: TimeOf<T>,
  [from, to]: readonly [number, number],
): readonly T[] {
  const first = countBefore(items, timeOf, from);
  const end = countBefore(items, timeOf, to + 1);
  return first === 0 && end === items.length ? items : items.slice(first, end);
}

/** Puts an item behind those of its time or earlier. */
export function insert<T>(items: T[], timeOf: TimeOf<T>, item: T): void {
  items.splice(countBefore(items, timeOf, timeOf(item) + 1), 0, item);
}

function countBefore<T>(items: readonly T[], timeOf: TimeOf<T>, time: number): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timeOf(items[middle] as T) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
