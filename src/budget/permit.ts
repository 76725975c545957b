import type { RateSnapshot } from "../errors/errors";
import type { Permit } from "../http/limiter";

/** Who gave it. */
export interface Issuer {
  finish(sentAt: number, rate: RateSnapshot | null, pauseMs: number | undefined): void;
  giveBack(permit: GivenPermit): void;
}

/** A class, for every request has one, and methods of its own would be most of what it costs. */
export class GivenPermit implements Permit {
  readonly #issuer: Issuer;
  #state: "given" | "sent" | "over" = "given";

  constructor(
    giver: Issuer,
    /** When it was given. */
    readonly at: number,
    /** How many windows were over then. */
    readonly window: number,
  ) {
    this.#issuer = giver;
  }

  sent(): void {
    if (this.#state === "given") this.#state = "sent";
  }

  done(rate: RateSnapshot | null, pauseMs?: number): void {
    const state = this.#state;
    this.#state = "over";
    if (state === "sent") this.#issuer.finish(this.at, rate, pauseMs);
    if (state === "given") this.#issuer.giveBack(this);
  }
}
