import type { Lane } from "../http/limiter";

/** While bulk requests wait, this many interactive ones go before one of them goes too. */
const interactivePerBulk = 9;

/** Sees to it that interactive requests leave every tenth permit to bulk ones, here and in other processes. */
export class LaneShares {
  /** Interactive requests that went since bulk had a permit. */
  #passed = 0;
  #bulkPermits = 0;

  /** While bulk requests wait. */
  went(lane: Lane): void {
    if (lane === "interactive") this.#passed += 1;
    else {
      this.#passed = Math.max(0, this.#passed - interactivePerBulk);
      this.#bulkPermits += 1;
    }
  }

  /** How many bulk requests may go now as if somebody waited for them. */
  owed(): number {
    return Math.floor(this.#passed / interactivePerBulk);
  }

  /** Other processes have used so many of the last window, and nobody here knows for whom. */
  windowOver(usedByOthers: number): void {
    const missed = Math.floor(usedByOthers / (interactivePerBulk + 1)) - this.#bulkPermits;
    this.#passed = Math.max(this.#passed, missed * interactivePerBulk);
    this.#bulkPermits = 0;
  }
}

/** How many of both lanes go before the request with `ahead` others of its own before it. */
export function aheadInBoth(lane: Lane, ahead: number, waiting: Readonly<Record<Lane, number>>): number {
  if (lane === "interactive") return ahead + Math.min(waiting.bulk, Math.floor(ahead / interactivePerBulk));
  return ahead + Math.min(waiting.interactive, (ahead + 1) * interactivePerBulk);
}

/** Whether it goes as one of those that interactive requests leave to bulk. */
export function goesByShare(ahead: number, waiting: Readonly<Record<Lane, number>>): boolean {
  return waiting.interactive >= (ahead + 1) * interactivePerBulk;
}
