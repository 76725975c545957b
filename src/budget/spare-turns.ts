import type { MemoryCounter } from "./memory-counter";

/** Turns that all processes know as used, and that nobody here has used: the next ones who ask may have them. */
export interface SpareTurns {
  /** Those of the window that is open at this moment. */
  left(at: number): number;
  keep(turns: number, at: number): void;
  /** One of them, where there is one. */
  take(at: number): "counted" | undefined;
  drop(): void;
}

export function createSpareTurns(counter: Pick<MemoryCounter, "at" | "windowsOver">): SpareTurns {
  let spare = { turns: 0, window: 0 };

  function left(at: number): number {
    if (spare.turns === 0) return 0;
    counter.at(at);
    return spare.window === counter.windowsOver() ? spare.turns : 0;
  }

  return {
    left,
    keep(turns, at) {
      spare = { turns: left(at) + turns, window: counter.windowsOver() };
    },
    take(at) {
      if (left(at) === 0) return undefined;
      spare.turns -= 1;
      return "counted";
    },
    drop() {
      spare.turns = 0;
    },
  };
}
