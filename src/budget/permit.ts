import type { RateSnapshot } from "../errors";
import type { Turn } from "../http/turns";

/** Who gave it. */
export interface Giver {
  finish(sentAt: number, rate: RateSnapshot | null, pauseMs: number | undefined): void;
  takeBack(turn: GivenTurn): void;
}

/** A class, for every request has one, and methods of its own would be most of what it costs. */
export class GivenTurn implements Turn {
  readonly #giver: Giver;
  #state: "given" | "sent" | "over" = "given";

  constructor(
    giver: Giver,
    /** When it was given. */
    readonly at: number,
    /** How many windows were over then. */
    readonly window: number,
  ) {
    this.#giver = giver;
  }

  sent(): void {
    if (this.#state === "given") this.#state = "sent";
  }

  done(rate: RateSnapshot | null, pauseMs?: number): void {
    const state = this.#state;
    this.#state = "over";
    if (state === "sent") this.#giver.finish(this.at, rate, pauseMs);
    if (state === "given") this.#giver.takeBack(this);
  }
}
