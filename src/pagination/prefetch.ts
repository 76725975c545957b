import type { Page } from "./page";
import type { Stride } from "./strides";

interface Asked<T> {
  readonly stride: Stride;
  readonly arriving: Promise<Page<T>>;
}

interface Reading<T> {
  /** The page behind `last`, which was asked for last and not taken yet; null where none can be told yet. */
  readonly next: (last: Stride | null) => Stride | null;
  readonly load: (stride: Stride) => Promise<Page<T>>;
  /** How many pages may wait for the consumer. */
  readonly ahead: number;
  /** How many requests the budget has left now. */
  readonly room: () => number;
}

export interface Reader<T> {
  /** The next page in order; null where none can be asked for. */
  take(): Asked<T> | null;
  /** Sends for pages to come: one at first, then twice as many each time. */
  fill(): void;
  /** Leaves what is under way to itself. */
  drop(): void;
}

/** Takes the pages of one window in order, the next ones on their way meanwhile. */
export function createReader<T>({ next, load, ahead, room }: Reading<T>): Reader<T> {
  const waiting: Asked<T>[] = [];
  let width = 1;
  let unanswered = 0;

  async function arrive(stride: Stride): Promise<Page<T>> {
    unanswered++;
    try {
      return await load(stride);
    } finally {
      unanswered--;
    }
  }

  function start(): boolean {
    const stride = next(waiting.at(-1)?.stride ?? null);
    if (!stride) return false;
    const arriving = arrive(stride);
    // The failure of a prefetched page is for whoever takes it; that nobody does must not end the process.
    arriving.catch(() => undefined);
    waiting.push({ stride, arriving });
    return true;
  }

  return {
    take() {
      if (waiting.length === 0) start();
      return waiting.shift() ?? null;
    },
    fill() {
      const depth = Math.min(width, ahead);
      while (waiting.length < depth && unanswered < room() && start());
      width = Math.min(width * 2, ahead);
    },
    drop() {
      waiting.length = 0;
    },
  };
}
