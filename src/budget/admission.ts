import type { Lane } from "../http/limiter";
import type { Window } from "./window";
import { capOf, waitOf, type WindowState } from "./bulk-cap";

/** Whether the shared window has the last word; `"alone"` while it does not answer. */
export type SharedState = "none" | "asked" | "alone";

/** What the others have used is asked again after this part of a window. */
const staleShare = 1 / 12;
/** So long the first request of an awaited window may keep the others waiting. */
const scoutShare = 1 / 60;
/** So often one that waits without the others looks whether they are back. */
const aloneShare = 1 / 60;
/** What a process may send at once when it loses sight of the others, however little it sent before. */
const leastShare = 0.1;
/** Of processes that wait for the same room, those that had the most ask last, by up to this part of a window. */
const yieldShare = 1 / 120;

/**
 * How many requests may go as far as is known here, and when that may change. A window that somebody waited for is
 * opened by a single request: if it has not begun at Aircall after all, that costs one 429 and not one for each who waits.
 */
export class Admission {
  readonly #window: Window;
  #scout: "none" | "wanted" | "out" = "none";
  #scoutSentAt = 0;
  #windowsOver = 0;
  #agreedAt: number | null = null;
  #yieldsUntil = 0;
  #inFlight = 0;

  constructor(window: Window) {
    this.#window = window;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Whether the shared window has ever answered. */
  get hasAgreed(): boolean {
    return this.#agreedAt !== null;
  }

  roomFor(lane: Lane, at: number, { company, someoneWaits }: { company: SharedState; someoneWaits: boolean }): number {
    const window = this.#look(at, { someoneWaits });
    if (this.#scout === "out") return 0;
    if (company === "asked" && lane === "bulk" && at < this.#yieldsUntil) return 0;
    const room = this.#known(lane, window);
    const stale = company === "asked" && at - (this.#agreedAt ?? -Infinity) >= window.windowMs * staleShare;
    const open =
      company === "alone" ? Math.min(room, this.#partOf(capOf(lane, window))) : Math.max(room, Number(stale));
    return this.#scout === "wanted" ? Math.min(1, open) : open;
  }

  /** Milliseconds until looking again makes sense; a permit that is done is another reason. */
  opensIn(lane: Lane, at: number, company: SharedState): number {
    const window = this.#look(at, { someoneWaits: true });
    const { windowMs, leftMs } = window;
    if (this.#scout === "out") return this.#scoutSentAt + windowMs * scoutShare - at;
    const waitMs = waitOf(lane, window, 0);
    if (company === "asked") {
      const politeMs = lane === "bulk" ? Math.max(waitMs + this.#yieldMs(window), this.#yieldsUntil - at) : waitMs;
      return Math.min(politeMs, windowMs * staleShare);
    }
    return company === "alone" ? Math.min(waitMs || leftMs, windowMs * aloneShare) : waitMs;
  }

  sent(at: number): void {
    this.#inFlight += 1;
    if (this.#scout !== "wanted") return;
    this.#scout = "out";
    this.#scoutSentAt = at;
  }

  done(sentAt: number): void {
    this.#inFlight -= 1;
    if (this.#scout === "out" && sentAt >= this.#scoutSentAt) this.#scout = "none";
  }

  /** One that was to be sent at `sentAt` was not. */
  unsent(sentAt: number): void {
    this.#inFlight -= 1;
    if (this.#scout === "out" && sentAt >= this.#scoutSentAt) this.#scout = "wanted";
  }

  /** The shared window has answered. */
  agreed(at: number): void {
    this.#agreedAt = at;
    this.#yieldsUntil = at + this.#yieldMs(this.#window.at(at));
  }

  #look(at: number, { someoneWaits }: { readonly someoneWaits: boolean }): WindowState {
    const window = this.#window.at(at);
    if (this.#windowsOver !== this.#window.windowsOver()) {
      this.#windowsOver = this.#window.windowsOver();
      this.#scout = someoneWaits ? "wanted" : "none";
    }
    if (this.#scout === "out" && at - this.#scoutSentAt >= window.windowMs * scoutShare) this.#scout = "none";
    return window;
  }

  /** Beyond a limit that was found by refusals only while nothing is under way that may be refused. */
  #known(lane: Lane, window: WindowState): number {
    const cap = capOf(lane, window);
    const usedUp = cap >= window.limit && window.used >= window.limit;
    if (!usedUp || this.#inFlight > 0 || !this.#window.limit.grow()) return cap - window.used;
    return this.#window.limit.value - window.used;
  }

  /** Beyond its part of the window, a process that sees no others goes one by one, by what each answer says is left. */
  #partOf(cap: number): number {
    const part = Math.floor(cap * Math.max(leastShare, this.#window.share()));
    return Math.max(part - this.#window.own(), this.#inFlight > 0 ? 0 : 1);
  }

  #yieldMs({ used, limit, windowMs }: WindowState): number {
    const own = this.#window.own();
    return used > own ? (windowMs * yieldShare * own) / limit : 0;
  }
}
