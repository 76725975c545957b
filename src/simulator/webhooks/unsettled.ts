import { clearInterval, setInterval } from "node:timers"; // not those that a test may have stopped

/** What is on its way, and who waits until nothing is. */
export interface Unsettled<T> {
  readonly add: (item: T) => void;
  readonly remove: (item: T) => void;
  readonly all: () => readonly T[];
  readonly settled: () => Promise<void>;
}

export function createUnsettled<T>(): Unsettled<T> {
  const items = new Set<T>();
  const waiting: (() => void)[] = [];

  return {
    add: (item) => void items.add(item),
    remove(item) {
      items.delete(item);
      if (items.size > 0) return;
      for (const resolve of waiting.splice(0)) resolve();
    },
    all: () => [...items],
    async settled() {
      if (items.size === 0) return;
      const awake = setInterval(() => undefined, 1_000); // the timers of retries keep no process alive
      await new Promise<void>((resolve) => waiting.push(resolve));
      clearInterval(awake);
    },
  };
}
