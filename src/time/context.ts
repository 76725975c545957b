import { AsyncLocalStorage } from "node:async_hooks";

/**
 * What holds for some work and for all that it begins. Followed while somebody is inside and no longer: in Node 20 and 22
 * that costs every promise of the process, whosever it is.
 */
export class Context<Value extends object> {
  readonly #storage = new AsyncLocalStorage<Held<Value> | undefined>();
  #inside = 0;

  get current(): Value | null {
    const held = this.#storage.getStore();
    return held && !held.isOver ? held.value : null;
  }

  /** Until the promise that `work` answers has settled. Where it answers none, its end is not known: for good. */
  run<T>(value: Value, work: () => T): T {
    const held = { value, isOver: false };
    const leave = () => {
      held.isOver = true;
      this.#leave();
    };
    this.#inside += 1;
    try {
      const answer = this.#storage.run(held, work);
      if (answer instanceof Promise) answer.then(leave, leave);
      return answer;
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** Runs what is no part of it. */
  without<T>(work: () => T): T {
    return this.current ? this.#storage.run(undefined, work) : work();
  }

  #leave(): void {
    this.#inside -= 1;
    if (this.#inside === 0) this.#storage.disable();
  }
}

/** From Node 24 on, what work has left behind keeps its context, whatever is disabled. */
interface Held<Value> {
  readonly value: Value;
  isOver: boolean;
}
