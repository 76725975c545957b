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
