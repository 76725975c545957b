/** Whether a store has fallen silent, so that not everybody has to wait to find out: a circuit breaker. */
export interface CircuitBreaker {
  /** True while nobody should wait; once every `pauseMs` false, for one caller who tries again. */
  keepsAway(pauseMs: number): boolean;
  /** Somebody who asked at this moment got no answer in time; the next try is `pauseMs` away. */
  waitedInVain(askedAt: number, pauseMs: number): void;
  heardFrom(): void;
}

/** It begins when a wait was in vain and nobody else was answered meanwhile, and ends with the next answer to anybody. */
export function createCircuitBreaker(now: () => number): CircuitBreaker {
  let heardAt = -Infinity;
  let nextTryAt: number | null = null;

  return {
    keepsAway(pauseMs) {
      if (nextTryAt === null) return false;
      if (now() < nextTryAt) return true;
      nextTryAt = now() + pauseMs;
      return false;
    },
    waitedInVain(askedAt, pauseMs) {
      if (heardAt < askedAt) nextTryAt = now() + pauseMs;
    },
    heardFrom() {
      heardAt = now();
      nextTryAt = null;
    },
  };
}

const silences = new WeakMap<object, CircuitBreaker>();

/** One for all who talk to the same Redis client or session store. */
export function circuitBreakerOf(store: object): CircuitBreaker {
  const silence = silences.get(store) ?? createCircuitBreaker(() => performance.now());
  silences.set(store, silence);
  return silence;
}
