import { AsyncLocalStorage } from "node:async_hooks";
import { listening } from "../diagnostics";
import type { Asker, Asking, Lane, Permit } from "../http/limiter";
import { LaneShares } from "./lane-shares";
import type { Window } from "./window";
import { RoundRobin } from "./round-robin";

/** Somebody who waits for a permit. */
export interface Waiter {
  readonly asking: Asking;
  readonly asker: Asker;
  /** When it came, as `now` counts. */
  readonly since: number;
  /** Does something in the asynchronous context of whoever asked; in any, where nobody listened then. */
  readonly inContext: (work: () => void) => void;
  give(permit: Permit): void;
  refuse(error: unknown): void;
}

export const laneOrder: readonly Lane[] = ["interactive", "bulk"];

const anybody: Asker = { session: null };
const here = (work: () => void) => work();

/** Who waits, in two lanes. */
export class Queue {
  readonly shares = new LaneShares();
  readonly closedAt: Record<Lane, number> = { interactive: -Infinity, bulk: -Infinity };
  readonly #lanes: Record<Lane, RoundRobin<Waiter>> = { interactive: new RoundRobin(), bulk: new RoundRobin() };
  readonly #onEmpty: () => void;
  #window: number | null = null;
  #reviewedAt = 0;

  constructor(onEmpty: () => void) {
    this.#onEmpty = onEmpty;
  }

  get size(): number {
    return this.#lanes.interactive.size + this.#lanes.bulk.size;
  }

  sizes(): Record<Lane, number> {
    return { interactive: this.#lanes.interactive.size, bulk: this.#lanes.bulk.size };
  }

  sizeOf(lane: Lane): number {
    return this.#lanes[lane].size;
  }

  /** Those of its lane who would go before a newcomer. */
  aheadOf({ lane, asker = anybody }: Asking): number {
    return this.#lanes[lane].aheadOf(asker);
  }

  join(asking: Asking, since: number): Promise<Permit> {
    const { lane, asker = anybody, deadline } = asking;
    const rounds = this.#lanes[lane];
    return new Promise((resolve, reject) => {
      const leave = () => {
        deadline.signal.removeEventListener("abort", giveUp);
        rounds.delete(waiter);
        if (this.size === 0) this.#onEmpty();
      };
      const waiter: Waiter = {
        asking,
        asker,
        since,
        inContext: listening("express-aircall:wait") ? AsyncLocalStorage.snapshot() : here,
        give(permit) {
          rounds.rotate(waiter);
          leave();
          resolve(permit);
        },
        refuse(error) {
          leave();
          reject(error);
        },
      };
      const giveUp = () => waiter.refuse(deadline.signal.reason);
      deadline.signal.addEventListener("abort", giveUp);
      rounds.add(waiter);
    });
  }

  /** Whether it is time to look again who waits in vain: it costs more than a permit. */
  mayReview(at: number, everyMs: number): boolean {
    if (at - this.#reviewedAt < everyMs) return false;
    this.#reviewedAt = at;
    return true;
  }

  /** What others used of a window that is over may have kept bulk requests waiting here. */
  noteWindow(window: Window, at: number): void {
    window.at(at);
    const windowsOver = window.windowsOver();
    if (this.#window !== null && this.#window !== windowsOver) this.shares.windowOver(window.usedByOthersBefore());
    this.#window = windowsOver;
  }

  /** Who is next; leaves by being given a permit or refused. */
  first(lane: Lane): Waiter | undefined {
    return this.#lanes[lane].first();
  }

  /** How many may have the permits of a lane; bulk's are interactive requests' while these do not wait for an answer. */
  wantedBy(lane: Lane, { interactiveAsked }: { readonly interactiveAsked: boolean }): number {
    const { interactive, bulk } = this.sizes();
    if (lane === "interactive") return interactive + Math.min(bulk, this.shares.owed());
    return interactive > 0 && !interactiveAsked ? 0 : bulk;
  }

  /** Who has the next permit of a lane: what is owed to bulk goes with the interactive ones, whose room it may use. */
  next(lane: Lane): Waiter | undefined {
    const bulkFirst = lane === "bulk" || this.shares.owed() > 0;
    return (bulkFirst ? this.first("bulk") : undefined) ?? this.first(lane);
  }

  /** Whether a newcomer of this lane with `ahead` others before it would go before who would go last of all. */
  goesBefore(last: Waiter, lane: Lane, ahead: number): boolean {
    const { lane: lastLane } = last.asking;
    return lane === lastLane ? ahead < this.sizeOf(lastLane) : lane === "interactive";
  }

  /** Who would go last of all. */
  last(): Waiter | undefined {
    return [...this.#lanes.bulk].at(-1) ?? [...this.#lanes.interactive].at(-1);
  }

  /** Takes out whom `hopeless` gives an error for; `ahead` counts those of its lane who stay before them. */
  dismiss(hopeless: (waiter: Waiter, ahead: number) => Error | null): void {
    for (const lane of laneOrder) {
      let ahead = 0;
      for (const waiter of [...this.#lanes[lane]]) {
        const error = hopeless(waiter, ahead);
        if (error) waiter.refuse(error);
        else ahead += 1;
      }
    }
  }
}
