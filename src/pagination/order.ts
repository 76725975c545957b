import { ConnectionError } from "../errors/errors";

/** Whether a list keeps to the order of time that it was asked for. */
export interface Order {
  /** 1 from old to new, -1 from new to old. */
  readonly sign: 1 | -1;
  /** The list never stepped back in time so far. */
  readonly kept: boolean;
  /** The list stepped back far: nothing can be told from its times. */
  readonly lost: boolean;
  /** Told where an item is so many seconds too late in the list. */
  stepBack(seconds: number): void;
  /** From now on what was left out went by the order. */
  rely(): void;
}

/** Two records of almost the same second may not be listed in its order. */
export const slackSeconds = 60;

export function createOrder(request: string, sign: 1 | -1): Order {
  let furthestBack = 0;
  let relied = false;

  return {
    sign,
    get kept() {
      return furthestBack === 0;
    },
    get lost() {
      return furthestBack > slackSeconds;
    },
    stepBack(seconds) {
      furthestBack = Math.max(furthestBack, seconds);
      if (relied && furthestBack > slackSeconds) {
        throw new ConnectionError(request, "the list is not in the order that it was asked for.");
      }
    },
    rely() {
      relied = true;
    },
  };
}
