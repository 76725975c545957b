const marginMs = 25;

/** How far the clock here may be ahead of Aircall's, as far as its answers have shown. */
export interface ClockSkew {
  /** When a window ends that Aircall says ends at `resetAt`; both in UNIX milliseconds, the answer by the clock here. */
  endOf(resetAt: number, now: number): number;
  /** An answer to what was sent then named this end, which lay ahead of it: if it did not here, the clock is ahead. */
  seen(resetAt: number, sentAt: number): void;
}

/** A clock that is behind costs waiting, which `longestMs` bounds; one that is ahead would cost 429s in every window. */
export function createClockSkew(longestMs: number): ClockSkew {
  let skewMs = marginMs;

  return {
    endOf(resetAt, now) {
      if (resetAt + skewMs - now > 2 * longestMs) skewMs = marginMs;
      return Math.min(resetAt + skewMs, now + longestMs);
    },
    seen(resetAt, sentAt) {
      const shownMs = sentAt - resetAt;
      if (shownMs >= skewMs) skewMs = shownMs + Math.max(marginMs, shownMs / 2);
    },
  };
}
