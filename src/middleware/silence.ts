/** Whether the store has fallen silent, so that not everybody has to wait to find out. */
export interface Silence {
  /** True while nobody should wait; now and then false, for one caller who tries again. */
  keepsAway(): boolean;
  /** Somebody who asked at this moment got no answer in time. */
  waitedInVain(askedAt: number): void;
  heardFrom(): void;
}

/** It begins when a wait was in vain and nobody else was answered meanwhile, and ends with the next answer to anybody. */
export function createSilence(pauseMs: number, now: () => number): Silence {
  let heardAt = -Infinity;
  let nextTryAt: number | null = null;

  return {
    keepsAway() {
      if (nextTryAt === null) return false;
      if (now() < nextTryAt) return true;
      nextTryAt = now() + pauseMs;
      return false;
    },
    waitedInVain(askedAt) {
      if (heardAt < askedAt) nextTryAt = now() + pauseMs;
    },
    heardFrom() {
      heardAt = now();
      nextTryAt = null;
    },
  };
}
