import type { MemoryCounter } from "./window";

/** Turns that all processes know as used, and that nobody here has used: the next ones who ask may have them. */
export class SpareTurns {
  readonly #counter: Pick<MemoryCounter, "at" | "windowsOver">;
  #turns = 0;
  #window = 0;

  constructor(counter: Pick<MemoryCounter, "at" | "windowsOver">) {
    this.#counter = counter;
  }

  /** Those of the window that is open at this moment. */
  left(at: number): number {
    if (this.#turns === 0) return 0;
    this.#counter.at(at);
    return this.#window === this.#counter.windowsOver() ? this.#turns : 0;
  }

  keep(turns: number, at: number): void {
    this.#turns = this.left(at) + turns;
    this.#window = this.#counter.windowsOver();
  }

  /** One of them, where there is one. */
  take(at: number): "counted" | undefined {
    if (this.left(at) === 0) return undefined;
    this.#turns -= 1;
    return "counted";
  }

  drop(): void {
    this.#turns = 0;
  }
}
