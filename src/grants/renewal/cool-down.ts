import { createExpiringMap } from "../../time/expiring-map";

const firstMs = 5_000;
const longestMs = 60_000;
const forgottenAfterMs = 600_000;
const maxCoolDowns = 10_000;

/** Pauses after failures, one row of them per key, each twice as long as the one before. */
export interface CoolDowns {
  /** 0 when there is no pause. */
  remainingMs(key: string): number;
  /** Begins the next pause and answers how long it is. */
  begin(key: string): number;
  end(key: string): void;
}

export function createCoolDowns(now: () => number): CoolDowns {
  const pauses = createExpiringMap<{ readonly lengthMs: number; readonly endsAt: number }>(maxCoolDowns, now);

  return {
    remainingMs: (key) => Math.max(0, (pauses.get(key)?.endsAt ?? 0) - now()),
    begin(key) {
      const last = pauses.get(key);
      const lengthMs = last ? Math.min(last.lengthMs * 2, longestMs) : firstMs;
      pauses.set(key, { lengthMs, endsAt: now() + lengthMs }, forgottenAfterMs);
      return lengthMs;
    },
    end: (key) => pauses.delete(key),
  };
}
