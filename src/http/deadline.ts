import { defaultMaxListeners, getMaxListeners, setMaxListeners } from "node:events";
import { ConfigError, TimeoutError } from "../errors";
import type { Deadline } from "./http";

/** Where Node's timers overflow and fire at once. */
const longestTimeoutMs = 2 ** 31 - 1;
const requestsPerSignal = 1_500;

interface Limits {
  /** Method and route template, for the TimeoutError. */
  readonly request: string;
  readonly timeoutMs: number;
  /** The caller's own way to stop. */
  readonly signal?: AbortSignal | undefined;
  readonly now?: () => number;
}

/**
 * Runs `work` until it settles, time is up (TimeoutError) or the caller's signal aborts (its reason), whichever comes
 * first. Work that is left behind hears of it through its deadline's signal. Nothing keeps listening afterwards.
 */
export async function withDeadline<T>(
  { request, timeoutMs, signal, now = Date.now }: Limits,
  work: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  if (!(timeoutMs > 0 && timeoutMs <= longestTimeoutMs)) {
    throw new ConfigError(`timeoutMs must be above 0 and at most ${longestTimeoutMs}.`);
  }
  signal?.throwIfAborted();

  const controller = new AbortController();
  const endsAt = now() + timeoutMs;
  const stop = () => controller.abort(signal?.reason);
  const timer = setTimeout(() => controller.abort(new TimeoutError(request, timeoutMs)), timeoutMs);
  if (signal) allowManyListeners(signal).addEventListener("abort", stop);

  const stopped = new Promise<never>((_resolve, reject) => {
    controller.signal.addEventListener("abort", () => reject(controller.signal.reason), { once: true });
  });
  try {
    const deadline = { signal: controller.signal, remainingMs: () => Math.max(0, endsAt - now()) };
    return await Promise.race([work(deadline), stopped]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}

/** Node warns of a leak from the eleventh listener on, but one signal may well end a hundred requests. */
function allowManyListeners(signal: AbortSignal): AbortSignal {
  if (getMaxListeners(signal) === defaultMaxListeners) setMaxListeners(requestsPerSignal, signal);
  return signal;
}
