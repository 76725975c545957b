/** Limits concurrency: so many run at a time, the others wait their turn. */
export interface Slots {
  readonly run: <T>(work: () => Promise<T>) => Promise<T>;
}

export function createSlots(most: number): Slots {
  const queue: (() => void)[] = [];
  let free = most;

  return {
    async run(work) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => queue.push(resolve));
      try {
        return await work();
      } finally {
        const next = queue.shift();
        if (next) next();
        else free += 1;
      }
    },
  };
}
