import { AsyncLocalStorage } from "node:async_hooks";
import { listening } from "../events";
import type { Asking, Lane, Turn } from "../http/turns";

/** Somebody whose turn has not come. */
export interface Waiter {
  readonly asking: Asking;
  /** When it came, as `now` counts. */
  readonly since: number;
  /** Does something in the asynchronous context of whoever asked; in any, where nobody listened then. */
  readonly inContext: (work: () => void) => void;
  give(turn: Turn): void;
  refuse(error: unknown): void;
}

/** Who waits, in the order they came. One that gives up leaves at once, wherever it stands. */
export interface Lanes {
  readonly size: number;
  sizeOf(lane: Lane): number;
  /** Those who stand before a newcomer. */
  ahead(lane: Lane): number;
  join(asking: Asking, since: number): Promise<Turn>;
  /** Who is next; leaves by being given a turn or refused. */
  first(lane: Lane): Waiter | undefined;
  /** Takes out whom `hopeless` gives an error for; `ahead` counts those who stay before them. */
  dismiss(hopeless: (waiter: Waiter, ahead: number) => Error | null): void;
}

export const laneOrder: readonly Lane[] = ["interactive", "bulk"];

const here = (work: () => void) => work();

export function createLanes(onEmpty: () => void): Lanes {
  // A Set remembers the order and forgets anyone at once.
  const waiting: Record<Lane, Set<Waiter>> = { interactive: new Set(), bulk: new Set() };

  function join(asking: Asking, since: number): Promise<Turn> {
    const lane = waiting[asking.lane];
    const { signal } = asking.deadline;
    return new Promise((resolve, reject) => {
      const leave = () => {
        signal.removeEventListener("abort", giveUp);
        lane.delete(waiter);
        if (waiting.interactive.size + waiting.bulk.size === 0) onEmpty();
      };
      const waiter: Waiter = {
        asking,
        since,
        inContext: listening("express-aircall:wait") ? AsyncLocalStorage.snapshot() : here,
        give(turn) {
          leave();
          resolve(turn);
        },
        refuse(error) {
          leave();
          reject(error);
        },
      };
      const giveUp = () => waiter.refuse(signal.reason);
      signal.addEventListener("abort", giveUp);
      lane.add(waiter);
    });
  }

  return {
    get size() {
      return waiting.interactive.size + waiting.bulk.size;
    },
    sizeOf: (lane) => waiting[lane].size,
    ahead: (lane) => waiting.interactive.size + (lane === "bulk" ? waiting.bulk.size : 0),
    join,
    first: (lane) => waiting[lane].values().next().value,
    dismiss(hopeless) {
      let ahead = 0;
      for (const waiter of [...waiting.interactive, ...waiting.bulk]) {
        const error = hopeless(waiter, ahead);
        if (error) waiter.refuse(error);
        else ahead += 1;
      }
    },
  };
}
