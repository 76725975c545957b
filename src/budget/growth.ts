/** How far a limit that was never named is tried out: from what succeeded, by 1, 2, 4 … more where all are answered. */
export class Growth {
  #base: number;
  #extra = 0;
  #step = 1;
  #refused = false;
  /** Windows to go without trying, and how many it were last time. */
  #rest = 0;
  #lastRest = 0;

  constructor(
    succeeded: number,
    /** No further than this. */
    public ceiling: number,
  ) {
    this.#base = succeeded;
  }

  get value(): number {
    return this.#base + this.#extra;
  }

  /** Some of this window's requests were refused, after so many that were not. */
  refused(succeeded: number): void {
    if (!this.#refused && this.#extra > 0) this.#rest = this.#lastRest = Math.min(longestRest, 2 * this.#lastRest || 1);
    this.#refused = true;
    this.#base = succeeded;
    this.#extra = 0;
    this.#step = 1;
  }

  /** Another process found this one. */
  set(value: number): void {
    this.#base = value;
    this.#extra = 0;
  }

  /** False when it is as large as it may become, or time to leave it. */
  grow(): boolean {
    const left = this.ceiling - this.value;
    if (this.#refused || this.#rest > 0 || left <= 0) return false;
    this.#extra += Math.min(this.#step, left);
    this.#step *= 2;
    return true;
  }

  windowOver(): void {
    if (!this.#refused && this.#rest > 0) this.#rest -= 1;
    if (!this.#refused && this.#extra > 0) this.#lastRest = 0;
    this.#base += this.#extra;
    this.#extra = 0;
    this.#refused = false;
  }
}

const longestRest = 64;
