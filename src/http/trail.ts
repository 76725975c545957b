import { moreDoubtful, type RequestOutcome } from "../errors/outcome";

/** How far one request has come, over all its attempts: what its error says became of it. */
export class Trail {
  readonly #acts: boolean;
  #before: RequestOutcome = "not_sent";
  #leaving = false;

  constructor({ acts }: { readonly acts: boolean }) {
    this.#acts = acts;
  }

  /** Whether something of the attempt under way may have left this machine. */
  get leaving(): boolean {
    return this.#leaving;
  }

  leaves(leaving: boolean): void {
    this.#leaving = leaving;
  }

  /** What is known if the request ends now. */
  get outcome(): RequestOutcome {
    return this.#leaving ? this.#together("unknown") : this.#before;
  }

  /** The attempt under way has ended like this; answers what is known of all of them. */
  ended(attempt: RequestOutcome): RequestOutcome {
    this.#leaving = false;
    this.#before = this.#together(attempt);
    return this.#before;
  }

  /** A read acts on nothing: there the last answer tells all. */
  #together(attempt: RequestOutcome): RequestOutcome {
    return this.#acts || attempt === "not_sent" ? moreDoubtful(this.#before, attempt) : attempt;
  }
}
