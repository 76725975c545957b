import { Growth } from "./growth";

/** How many requests a window has room for, as far as answers have shown. */
export class LearntLimit {
  readonly #assumed: number;
  #value: number;
  /** An answer that refused nothing named it, here or to another process. */
  #sure = false;
  /** Since a refusal that nothing had announced. */
  #growth: Growth | null = null;

  constructor(assumed: number) {
    this.#assumed = this.#value = assumed;
  }

  get value(): number {
    return this.#growth?.value ?? this.#value;
  }

  /** Whether it was found by refusals, and would have to be found again. */
  get inferred(): boolean {
    return this.#growth !== null;
  }

  /** By an answer that refused nothing: it is named in all of them. */
  name(limit: number): void {
    this.#value = limit;
    this.#sure = true;
    this.#growth = null;
  }

  /** By a 429. Where nothing else names it, others may use a part of it, and nobody tells when it is raised. */
  nameRefusing(limit: number): void {
    this.#value = limit;
    if (!this.#sure) this.#growing(limit).ceiling = Math.max(this.#assumed, limit);
  }

  /** A window had refusals after so many that succeeded: the next one begins with no more. */
  infer(succeeded: number): void {
    if (!this.#sure) this.#growing(succeeded).refused(succeeded);
  }

  /** Tries more than what succeeded; false where that is pointless, or too soon after it failed. */
  grow(): boolean {
    return this.#growth?.grow() ?? false;
  }

  windowOver(): void {
    this.#growth?.windowOver();
  }

  /** For other processes; null while it is nothing but assumed. */
  text(): string | null {
    if (this.#growth) return `~${this.#growth.value}`;
    return this.#sure ? String(this.#value) : null;
  }

  /** What another process has learnt, as its `text` says; false where it is no news. */
  adopt(text: string): boolean {
    const [, inferred, digits] = /^(~?)([1-9]\d{0,14})$/.exec(text) ?? [];
    if (this.#sure || digits === undefined || text === this.text()) return false;
    if (!inferred) this.name(Number(digits));
    else this.#growing(Number(digits)).set(Number(digits));
    return true;
  }

  #growing(from: number): Growth {
    return (this.#growth ??= new Growth(from, this.#assumed));
  }
}
