import { listenTo } from "../time/deadline";
import { createExclusive, type Exclusive, type Memory } from "./exclusive";
import { Cancellation } from "../time/cancel";
import { throwIfAborted } from "../time/signal";

/** Something that only one may do at a time. */
export interface Task {
  /** What it is done to. */
  readonly key: string;
  /** All that its result depends on: callers who want the same at the same time share one run. */
  readonly what: string;
  /** The caller's own way to leave; the last one that leaves stops the run. */
  readonly signal?: AbortSignal | undefined;
}

/** The exclusive right of one caller, while its work runs. */
export interface Turn {
  readonly memory: Memory;
  /** Aborts when nobody wants it any more, or somebody else may begin. */
  readonly signal: AbortSignal;
}

export type Alone = <T>(task: Task, work: (turn: Turn) => Promise<T>) => Promise<T>;

interface Run {
  readonly result: Promise<unknown>;
  readonly stop: Cancellation;
  callers: number;
}

/** The work ends so long before somebody else may begin. */
const marginMs = 2_000;
const longestTimeoutMs = 2 ** 31 - 1;

/** `exclusively` default: one at a time within this process. */
export function createAlone(exclusively: Exclusive = createExclusive()): Alone {
  const running = new Map<string, Run>();

  function begin<T>(key: string, name: string, work: (turn: Turn) => Promise<T>): Run {
    const stop = new Cancellation();
    const result = exclusively(key, async (memory, remainingMs) => {
      stop.throwIfStopped();
      return work({ memory, signal: endingIn(remainingMs() - marginMs, stop) });
    });
    const run: Run = { result, stop, callers: 0 };
    running.set(name, run);
    const end = () => forget(name, run);
    result.then(end, end);
    return run;
  }

  function forget(name: string, run: Run): void {
    if (running.get(name) === run) running.delete(name);
  }

  function leave(name: string, run: Run, reason: unknown): void {
    run.callers -= 1;
    if (run.callers > 0) return;
    forget(name, run);
    run.stop.stop(reason);
  }

  return async <T>({ key, what, signal }: Task, work: (turn: Turn) => Promise<T>) => {
    throwIfAborted(signal);
    const name = `${key} ${what}`;
    const run = running.get(name) ?? begin(key, name, work);
    run.callers += 1;
    // Callers of the same `what` expect the same type.
    const result = run.result as Promise<T>;
    if (!signal) return result;
    return new Promise<T>((resolve, reject) => {
      const stopListening = listenTo(signal, (reason) => {
        leave(name, run, reason);
        reject(reason);
      });
      result.then(resolve, reject).finally(stopListening);
    });
  };
}

function endingIn(ms: number, stop: Cancellation): AbortSignal {
  if (ms > longestTimeoutMs) return stop.signal;
  return AbortSignal.any([stop.signal, AbortSignal.timeout(Math.max(0, Math.floor(ms)))]);
}
