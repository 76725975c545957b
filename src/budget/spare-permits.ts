import type { Window } from "./window";

/** Turns that all processes know as used, and that nobody here has used: the next ones who ask may have them. */
export class SparePermits {
  readonly #windows: Pick<Window, "at" | "windowsOver">;
  #permits = 0;
  #window = 0;

  constructor(windows: Pick<Window, "at" | "windowsOver">) {
    this.#windows = windows;
  }

  /** Those of the window that is open at this moment. */
  left(at: number): number {
    if (this.#permits === 0) return 0;
    this.#windows.at(at);
    return this.#window === this.#windows.windowsOver() ? this.#permits : 0;
  }

  keep(permits: number, at: number): void {
    this.#permits = this.left(at) + permits;
    this.#window = this.#windows.windowsOver();
  }

  /** One of them, where there is one. */
  take(at: number): "counted" | undefined {
    if (this.left(at) === 0) return undefined;
    this.#permits -= 1;
    return "counted";
  }

  drop(): void {
    this.#permits = 0;
  }
}
