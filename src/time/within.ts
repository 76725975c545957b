import type { Deadline } from "./deadline";
import { throwIfAborted } from "./signal";

export interface Limit<T> {
  readonly limitMs: number;
  /** What is answered, or thrown, for work that takes longer. */
  readonly late: () => T;
  /**
   * A process that was held up finds its timers due before it reads what has arrived meanwhile: how often it reads first.
   * Default 0.
   */
  readonly readsFirst?: number;
}

/** What `work` comes to within its limit. Work that was given up goes on. */
export function within<T>({ limitMs, late, readsFirst = 0 }: Limit<T>, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let open = true;
    const giveUp = (readsLeft: number) => {
      if (open && readsLeft > 0) setImmediate(giveUp, readsLeft - 1);
      else if (open) resolve(new Promise((say) => say(late())));
    };
    const timer = setTimeout(giveUp, limitMs, readsFirst);
    const end = <V>(settle: (value: V) => void) => {
      return (value: V) => {
        open = false;
        clearTimeout(timer);
        settle(value);
      };
    };
    work.then(end(resolve), end(reject));
  });
}

/** Waits for `work`, but no longer than this. Never rejects. */
export async function atMost(limitMs: number, work: Promise<unknown>): Promise<void> {
  const done = work.catch(() => undefined);
  await within<unknown>({ limitMs, late: () => undefined }, done);
}

export interface SharedWait<T> {
  readonly patienceMs: number;
  readonly deadline: Deadline;
  readonly late: () => T;
}

/** The same for work that others wait for too; rejects when the caller's deadline ends first. */
export async function waitFor<T>(shared: Promise<T>, { patienceMs, deadline, late }: SharedWait<T>): Promise<T> {
  const { signal } = deadline;
  throwIfAborted(signal);
  const stop = new AbortController();
  try {
    return await within({ limitMs: patienceMs, late }, Promise.race([shared, aborted(signal, stop.signal)]));
  } finally {
    stop.abort();
  }
}

function aborted(signal: AbortSignal, stop: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true, signal: stop });
  });
}
