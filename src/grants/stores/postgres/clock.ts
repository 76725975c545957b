const forgottenAfterMs = 600_000;

/** Says in the database's time what is soon, so that a write can be told until when it may be done. */
export interface PostgresClock {
  /** Its clock said this, in epoch milliseconds, in an answer that arrives now. */
  learn(clock: number): void;
  /** Epoch milliseconds by its clock, this far from now, or a little less; null while that is not known. */
  in(ms: number): number | null;
  /** It was wrong: another server answers now, or its clock was set. */
  forget(): void;
}

/**
 * The way of an answer makes its clock look late, and so of several the latest is believed: nothing is done after its
 * time. `now` is monotonic, in milliseconds.
 */
export function createPostgresClock(now: () => number): PostgresClock {
  let leadMs = -Infinity;
  let learntAt = 0;

  const isKnown = () => leadMs > -Infinity && now() - learntAt < forgottenAfterMs;

  return {
    learn(clock) {
      const seen = clock - now();
      if (!Number.isFinite(seen) || (isKnown() && seen <= leadMs)) return;
      leadMs = seen;
      learntAt = now();
    },
    in: (ms) => (isKnown() ? Math.floor(leadMs + now() + ms) : null),
    forget: () => void (leadMs = -Infinity),
  };
}
