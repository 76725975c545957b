import { performance } from "node:perf_hooks";
import { Context } from "./context";

/** Leaves the rest of 2.5 s for what a request does beside. */
const limitMs = 2_400;
/** A call that is answered sooner is not held against its store. */
const quickMs = 50;
const forgottenAfterMs = 30_000;

/** What one request has waited for its stores: all that are slow or silent share one allowance. */
export interface StoreTime {
  /** How long a call may take that could take `timeoutMs`; 0 when this request must not wait any more. */
  leftMs(timeoutMs: number): number;
  /** A call was sent. Answers what to call when its wait has ended, and whether in vain. */
  wait(): (inVain: boolean) => void;
}

/** What is used of a response. */
interface Ending {
  readonly writableEnded?: boolean;
  readonly destroyed?: boolean;
}

interface Clocks {
  /** Milliseconds in which this process had nothing to do but wait: one that is busy does not blame its stores. */
  readonly idle: () => number;
  readonly now: () => number;
}

const clocks: Clocks = { idle: () => performance.eventLoopUtilization().idle, now: () => performance.now() };

/** A request that goes on for long begins anew, half a minute after a store kept it waiting. */
export function createStoreTime(isOpen: () => boolean, { idle, now }: Clocks = clocks): StoreTime {
  let waiting = 0;
  let since = 0;
  let spentMs = 0;
  let gaveUp = false;
  let sickAt = -Infinity;

  /** Calls at the same time count once. */
  function waitedMs(): number {
    return waiting > 0 ? idle() - since : 0;
  }

  function note(ms: number, inVain: boolean): void {
    gaveUp ||= inVain;
    if (waiting === 0 && ms >= quickMs) spentMs += ms;
    if (inVain || ms >= quickMs) sickAt = now();
  }

  return {
    leftMs(timeoutMs) {
      if (!isOpen()) return timeoutMs;
      if (now() - sickAt > forgottenAfterMs) [spentMs, gaveUp] = [0, false];
      if (gaveUp) return 0;
      const allowedMs = Math.max(limitMs, 1.2 * timeoutMs);
      return Math.min(timeoutMs, Math.max(0, allowedMs - spentMs - waitedMs()));
    },
    wait() {
      if (waiting === 0) since = idle();
      waiting += 1;
      return (inVain) => {
        const ms = waitedMs();
        waiting -= 1;
        note(ms, inVain);
      };
    },
  };
}

interface Current extends StoreTime {
  /** Null until it is known whose it is; without a limit so far. */
  request: { readonly req: object; readonly res: Ending } | null;
}

const running = new Context<Current>();
const known = new WeakMap<object, Current>();
/** Handed to what runs this very moment, until its first await. */
let handed: Current | null = null;

/** Of the request that this runs for; null outside of any. */
export function currentStoreTime(): StoreTime | null {
  return handed ?? running.current;
}

/** Runs what answers a request, with one allowance for all its calls to stores. */
export function onStoreTimeOf<T>(req: object, res: Ending, work: () => T): T {
  const current = timeOf(req, res);
  return handing(null, () => (current === running.current ? work() : running.run(current, work)));
}

/** Runs what may turn out to belong to a request: the session is read before anything of ours has seen the request. */
export function onComingStoreTime<T>(work: () => T): T {
  return currentStoreTime() ? work() : running.run(startTime(), work);
}

/** Runs what must be tried whatever its request has waited already; nobody should wait for it. */
export function apartFromRequest<T>(work: () => T): T {
  return handing(null, () => running.without(work));
}

/** The allowance of one request, for what asks stores on its behalf wherever it runs. */
export interface RequestStoreTime {
  /** Runs what asks a store at once: what it asks after its first await is not the request's any more. */
  readonly once: <T>(work: () => T) => T;
  /** Runs what asks stores in several steps. It is followed by an asynchronous context, which is dear. */
  readonly throughout: <T>(work: () => Promise<T>) => Promise<T>;
}

/** For jobs, which nobody waits for. */
export const noStoreTime: RequestStoreTime = { once: (work) => work(), throughout: (work) => work() };

export function storeTimeOf(req: object, res: Ending): RequestStoreTime {
  return {
    once: (work) => handing(timeOf(req, res), work),
    throughout: (work) => onStoreTimeOf(req, res, work),
  };
}

/** What hands on, after an await, the allowance that was handed over before it. */
export function handedOn(): <T>(work: () => T) => T {
  const before = handed;
  return (work) => (before ? handing(before, work) : work());
}

function handing<T>(current: Current | null, work: () => T): T {
  const before = handed;
  handed = current;
  try {
    return work();
  } finally {
    handed = before;
  }
}

function timeOf(req: object, res: Ending): Current {
  const current = known.get(req) ?? unclaimed() ?? startTime();
  current.request ??= { req, res };
  known.set(req, current);
  return current;
}

function unclaimed(): Current | null {
  const { current } = running;
  return current && current.request === null ? current : null;
}

function startTime(): Current {
  const current: Current = Object.assign(createStoreTime(isOpen), { request: null });
  return current;

  function isOpen(): boolean {
    const { writableEnded, destroyed } = current.request?.res ?? {};
    return writableEnded === false && !destroyed;
  }
}
