import type { RateSnapshot } from "../errors/errors";
import type { Deadline } from "../time/deadline";

/** `interactive`: somebody waits for the answer. `bulk`: one of many, as in a walk over a list; it yields to the others. */
export type Lane = "interactive" | "bulk";

/** In whose name requests are made, one object for each: permits go round by session, and in a session by these. */
export interface Asker {
  /** Null where there is none. */
  readonly session: string | null;
}

/** One attempt that would like to be sent. */
export interface Asking {
  /** Whose budget it spends, e.g. `company:42`. */
  readonly budget: string;
  readonly lane: Lane;
  /** Default: the same for all. */
  readonly asker?: Asker;
  /** Method and route template. */
  readonly request: string;
  readonly deadline: Deadline;
}

/** The permission to send one attempt. */
export interface Permit {
  /** Told as the attempt leaves. A permit that is done without it was not used, and is given back. */
  sent(): void;
  /** Told once what came of it: the rate headers of the answer, null without one; `pauseMs` is how long a 429 asks all to wait. */
  done(rate: RateSnapshot | null, pauseMs?: number): void;
}

/** A rate limiter: says when an attempt may be sent. The budget is one; without it every attempt may go at once. */
export interface Limiter {
  /**
   * Resolves when this attempt may go; rejects with the reason of the deadline's signal if that ends the waiting.
   * @throws {RateLimitError} at once, when no permit can come before the deadline.
   */
  acquire(asking: Asking): Promise<Permit>;
  /** What is known of a budget. */
  look(budget: string): BudgetSnapshot;
}

/** What is known here and now of a company's request budget. */
export interface BudgetSnapshot {
  /** Requests per window: what Aircall's headers said last, or what is assumed until then. Null before the first request. */
  readonly limit: number | null;
  /** Requests left in the window; null before the first one. */
  readonly remaining: number | null;
  /** When the window ends; null before the first request and after the window. */
  readonly reset: Date | null;
  /** Requests of this process that wait for a permit. */
  readonly queued: number;
  /** The same, lane by lane. */
  readonly lanes: Readonly<Record<Lane, LaneSnapshot>>;
}

/** What is known of one lane's part of the budget. */
export interface LaneSnapshot {
  /**
   * How many requests of this lane the window has room for now; null before the first one and after the window. Those of
   * `bulk` are fewer than the budget's, as room is kept for interactive ones, and grow as the window passes.
   */
  readonly remaining: number | null;
  /** Requests of this process and lane that wait for a permit. */
  readonly queued: number;
}

const unknownLane: LaneSnapshot = { remaining: null, queued: 0 };

/** Before anything was asked. */
export const unknownBudget: BudgetSnapshot = {
  limit: null,
  remaining: null,
  reset: null,
  queued: 0,
  lanes: { interactive: unknownLane, bulk: unknownLane },
};

/** Lets every attempt go at once. */
export const unlimited: Limiter = {
  acquire: () => Promise.resolve({ sent: () => undefined, done: () => undefined }),
  look: () => unknownBudget,
};
