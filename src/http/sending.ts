import { ConnectionError } from "../errors/errors";
import type { Cancellation } from "../time/cancel";
import { callSite, located } from "./call-site";
import type { Answered } from "./response";

export interface How {
  /** Whether a good answer must be JSON. */
  readonly parse: boolean;
  /** Ends the waiting for what is read. */
  readonly left?: Cancellation | undefined;
}

/** One request on its way, which several answers may be read from. It is sent whether or not anybody waits for it. */
export class Sending {
  readonly answered: Promise<Answered>;
  readonly site = callSite();
  readonly #request: string;
  #how: How = { parse: true };

  constructor(request: string, send: (how: How) => Promise<Answered>) {
    this.#request = request;
    // Sent one tick later, so that pipe() can still say that nobody will want it parsed.
    this.answered = Promise.resolve().then(() => send(this.#how));
  }

  /** To be said at once: nobody reads it, it is only handed on. */
  handOn(left: Cancellation): Promise<Answered> {
    this.#how = { parse: false, left };
    return this.answered;
  }

  read<T>(read: (answered: Answered) => T): Promise<T> {
    const value = this.answered.then((answered) => {
      const turn = answered.turn();
      return turn ? turn.then(() => this.#value(answered, read)) : this.#value(answered, read);
    });
    return located(value, this.site);
  }

  #value<T>(answered: Answered, read: (answered: Answered) => T): T {
    try {
      return read(answered);
    } catch (error) {
      throw error instanceof SyntaxError ? new ConnectionError(this.#request, "the answer was not JSON.") : error;
    }
  }
}
