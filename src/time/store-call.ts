import { StoreError } from "../errors/errors";
import { currentStoreTime } from "./store-time";

/** What one call to a store may take. */
export const storeTimeoutMs = 2_000;

export interface Patience {
  readonly timeoutMs?: number;
  /** The store had its whole time and did not answer. */
  readonly onSilence?: () => void;
  /** What it is called in errors. */
  readonly store?: string;
}

/**
 * What a store answers. A StoreError when that is an error, when it takes longer than two seconds, or when the request
 * that asks has waited for its stores long enough: then `ask` may never be called.
 */
export function inTime<T>(
  operation: string,
  ask: () => Promise<T>,
  { timeoutMs = storeTimeoutMs, onSilence, store = "the store" }: Patience = {},
): Promise<T> {
  const time = currentStoreTime();
  const patienceMs = time ? time.leftMs(timeoutMs) : timeoutMs;
  if (patienceMs <= 0) return Promise.reject(new StoreError(operation, `${store} has stopped answering`));
  const waited = time?.wait();

  return new Promise((resolve, reject) => {
    let decided = false;

    function decide(inVain: boolean, decision: () => void): void {
      if (decided) return;
      decided = true;
      clearTimeout(late);
      waited?.(inVain);
      decision();
    }

    function giveUp(): void {
      if (!decided && patienceMs === timeoutMs) onSilence?.();
      const reason = `${store} did not answer within ${Number((patienceMs / 1000).toFixed(2))} s`;
      decide(true, () => reject(new StoreError(operation, reason)));
    }

    // A process that was held up finds its timers due before it reads what has arrived meanwhile: that comes first.
    const late = setTimeout(() => setImmediate(giveUp), patienceMs);
    ask().then(
      (value) => decide(false, () => resolve(value)),
      (cause: unknown) =>
        decide(false, () => reject(new StoreError(operation, `${store} answered with an error`, { cause }))),
    );
  });
}
