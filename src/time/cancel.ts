type Heard = (reason: unknown) => void;

/** Stops something, once. Costs less than an AbortController, and becomes one for those who need a signal. */
export class Cancellation {
  #listeners: Heard[] = [];
  #ended: { readonly reason: unknown } | null = null;
  #controller: AbortController | undefined;

  get stopped(): boolean {
    return this.#ended !== null;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#ended) this.#controller.abort(this.#ended.reason);
    return this.#controller.signal;
  }

  /** Whoever listens hears the reason. Later calls change nothing. */
  stop(reason: unknown): void {
    if (this.#ended) return;
    this.#ended = { reason };
    this.#controller?.abort(reason);
    for (const heard of this.#listeners.splice(0)) heard(reason);
  }

  /** Answers what ends the listening. */
  onStop(heard: Heard): () => void {
    if (this.#ended) heard(this.#ended.reason);
    else this.#listeners.push(heard);
    return () => {
      this.#listeners = this.#listeners.filter((one) => one !== heard);
    };
  }

  /** Throws the reason. */
  throwIfStopped(): void {
    if (this.#ended) throw this.#ended.reason;
  }
}
