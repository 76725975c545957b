/** Calls `run` after `delayMs`; answers how to prevent it. */
export type SetTimer = (run: () => void, delayMs: number) => () => void;

/** The next time to look again, of all that were asked for. */
export class WakeUp {
  readonly #setTimer: SetTimer;
  readonly #onWake: () => void;
  #next: { readonly at: number; readonly cancel: () => void } | null = null;

  constructor(setTimer: SetTimer, onWake: () => void) {
    this.#setTimer = setTimer;
    this.#onWake = onWake;
  }

  in(waitMs: number, at: number): void {
    const delayMs = Math.max(1, Math.ceil(waitMs));
    if (this.#next && this.#next.at <= at + delayMs) return;
    this.cancel();
    const cancel = this.#setTimer(() => {
      this.#next = null;
      this.#onWake();
    }, delayMs);
    this.#next = { at: at + delayMs, cancel };
  }

  cancel(): void {
    this.#next?.cancel();
    this.#next = null;
  }
}
