import type { Deadline } from "./deadline";

/**
 * What `shared` comes to, or what `late` says after `patienceMs`. Rejects when the caller's deadline ends first. Work
 * that others wait for too goes on in either case.
 */
export async function waitFor<T>(
  shared: Promise<T>,
  patienceMs: number,
  { signal }: Deadline,
  late: () => T,
): Promise<T> {
  signal.throwIfAborted();
  const stop = new AbortController();
  try {
    return await Promise.race([shared, after(patienceMs, stop.signal).then(late), aborted(signal, stop.signal)]);
  } finally {
    stop.abort();
  }
}

/** Waits for `work`, but no longer than this. Never rejects. */
export async function atMost(limitMs: number, work: Promise<unknown>): Promise<void> {
  const stop = new AbortController();
  await Promise.race([work.catch(() => undefined), after(limitMs, stop.signal)]);
  stop.abort();
}

function after(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    stop.addEventListener("abort", () => clearTimeout(timer), { once: true });
  });
}

function aborted(signal: AbortSignal, stop: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true, signal: stop });
  });
}
