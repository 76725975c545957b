import { StoreError } from "../errors/errors";
import { currentStoreTime } from "./store-time";
import { within } from "./within";

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
export async function inTime<T>(
  operation: string,
  ask: () => Promise<T>,
  { timeoutMs = storeTimeoutMs, onSilence, store = "the store" }: Patience = {},
): Promise<T> {
  const time = currentStoreTime();
  const patienceMs = time ? time.leftMs(timeoutMs) : timeoutMs;
  if (patienceMs <= 0) throw new StoreError(operation, `${store} has stopped answering`);
  const waited = time?.wait();
  let inVain = false;

  function giveUp(): never {
    inVain = true;
    if (patienceMs === timeoutMs) onSilence?.();
    throw new StoreError(operation, `${store} did not answer within ${Number((patienceMs / 1000).toFixed(2))} s`);
  }

  try {
    const answer = ask().catch((cause: unknown) => {
      throw new StoreError(operation, `${store} answered with an error`, { cause });
    });
    return await within({ limitMs: patienceMs, late: giveUp, readsFirst: 1 }, answer);
  } finally {
    waited?.(inVain);
  }
}
