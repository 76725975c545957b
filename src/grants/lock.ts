import type { GrantStore } from "./store";

/** Runs work one at a time per key, in the order of arrival, in this process. */
export function createMutex(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const tails = new Map<string, Promise<void>>();

  return function exclusively(key, work) {
    const turn = (tails.get(key) ?? Promise.resolve()).then(work);
    const tail = turn.then(leave, leave);
    tails.set(key, tail);
    return turn;

    function leave(): void {
      if (tails.get(key) === tail) tails.delete(key);
    }
  };
}

/** `withLock` for a store that serves one process: nothing can take the lock away. */
export function createLocalLock(): GrantStore["withLock"] {
  const exclusively = createMutex();
  return (id, work) => exclusively(id, () => work({ remainingMs: () => Infinity }));
}
