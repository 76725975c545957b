import { defaultMaxListeners, getMaxListeners, setMaxListeners } from "node:events";
import { ConfigError, TimeoutError } from "../errors/errors";
import type { RequestOutcome } from "../errors/outcome";
import { Cancellation } from "./cancel";
import { reasonOf, throwIfAborted } from "./signal";

/** Where Node's timers overflow and fire at once. */
const longestTimeoutMs = 2 ** 31 - 1;
const requestsPerSignal = 1_500;

interface Limits {
  /** Method and route template, for the TimeoutError. */
  readonly request: string;
  readonly timeoutMs: number;
  /** The caller's own way to stop. */
  readonly signal?: AbortSignal | undefined;
  /** Whoever holds it can stop the work too. */
  readonly stop?: Cancellation;
  readonly now?: () => number;
  /** What is known of the request when its time is up. Default: nothing. */
  readonly outcome?: () => RequestOutcome;
}

/** How long something may still take, and how to hear that it should stop. */
export interface Deadline {
  /** Aborts when time is up or the caller gave up. */
  readonly signal: AbortSignal;
  remainingMs(): number;
}

/** A class, for V8 makes objects with getters of their own slowly, and every request has one. */
export class TimedDeadline implements Deadline {
  readonly #endsAt: number;
  readonly #now: () => number;

  constructor(
    /** What its signal says, for less. */
    readonly stop: Cancellation,
    endsAt: number,
    now: () => number,
  ) {
    this.#endsAt = endsAt;
    this.#now = now;
  }

  get signal(): AbortSignal {
    return this.stop.signal;
  }

  remainingMs(): number {
    return Math.max(0, this.#endsAt - this.#now());
  }
}

/**
 * Runs `work` until it settles, time is up (TimeoutError) or the caller's signal aborts (its reason), whichever comes
 * first. Work that is left behind hears of it through its deadline. Nothing keeps listening afterwards.
 */
export function withDeadline<T>(
  { request, timeoutMs, signal, stop = new Cancellation(), now = Date.now, outcome = () => "unknown" }: Limits,
  work: (deadline: TimedDeadline) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    if (!(timeoutMs > 0 && timeoutMs <= longestTimeoutMs)) {
      throw new ConfigError(`timeoutMs must be above 0 and at most ${longestTimeoutMs}.`);
    }
    throwIfAborted(signal);

    const timeUp = () => stop.stop(new TimeoutError(request, timeoutMs, { outcome: outcome() }));
    const timer = setTimeout(timeUp, timeoutMs);
    const stopListening = signal && listenTo(signal, (reason) => stop.stop(reason));
    const end = <V>(settle: (value: V) => void) => {
      return (value: V) => {
        clearTimeout(timer);
        stopListening?.();
        stopHearing();
        settle(value);
      };
    };
    const stopHearing = stop.onStop(end(reject));
    work(new TimedDeadline(stop, now() + timeoutMs, now)).then(end(resolve), end(reject));
  });
}

/** Calls `heard` once, at once where it has ended already; answers what stops the listening. */
export function listenTo(until: AbortSignal | Cancellation, heard: (reason: unknown) => void): () => void {
  return "onStop" in until ? until.onStop(heard) : listenToSignal(until, () => heard(reasonOf(until)));
}

function listenToSignal(signal: AbortSignal, heard: () => void): () => void {
  if (signal.aborted) {
    heard();
    return () => undefined;
  }
  allowMany(signal);
  signal.addEventListener("abort", heard, { once: true });
  return () => signal.removeEventListener("abort", heard);
}

/** Node warns of a leak from the eleventh listener on, but one signal may well end a hundred requests. */
function allowMany(signal: AbortSignal): void {
  try {
    if (getMaxListeners(signal) === defaultMaxListeners) setMaxListeners(requestsPerSignal, signal);
  } catch {
    // It is not Node's own: jsdom's, which may stand in the global one's place, or a polyfill's. Of those nobody warns.
  }
}
