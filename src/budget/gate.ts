import type { Lane } from "../http/turns";
import type { MemoryCounter } from "./memory-counter";
import { capOf, waitOf, type WindowState } from "./metering";

interface Parts {
  readonly counter: MemoryCounter;
  /** Whether the shared counter has the last word; `"alone"` while it does not answer. */
  readonly company: () => "none" | "asked" | "alone";
}

/** How many requests may go as far as is known here, and when that may change. */
export interface Gate {
  roomFor(lane: Lane, at: number, someoneWaits: boolean): number;
  /** Milliseconds until looking again makes sense; a turn that is done is another reason. */
  opensIn(lane: Lane, at: number): number;
  sent(at: number): void;
  done(sentAt: number): void;
  /** One that was to be sent at `sentAt` was not. */
  unsent(sentAt: number): void;
  /** The shared counter has answered. */
  agreed(at: number): void;
}

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
 * A window that somebody waited for is opened by a single request: if it has not begun at Aircall after all, that costs
 * one 429 and not one for each who waits.
 */
export function createGate({ counter, company }: Parts): Gate {
  let scout: "none" | "wanted" | "out" = "none";
  let scoutSentAt = 0;
  let windowsOver = 0;
  let agreedAt = -Infinity;
  let yieldsUntil = -Infinity;
  let inFlight = 0;

  function look(at: number, someoneWaits: boolean) {
    const window = counter.at(at);
    if (windowsOver !== counter.windowsOver()) {
      windowsOver = counter.windowsOver();
      scout = someoneWaits ? "wanted" : "none";
    }
    if (scout === "out" && at - scoutSentAt >= window.windowMs * scoutShare) scout = "none";
    return window;
  }

  /** Beyond its part of the window, a process that sees no others goes one by one, by what each answer says is left. */
  function partOf(cap: number): number {
    const part = Math.floor(cap * Math.max(leastShare, counter.share()));
    return Math.max(part - counter.own(), inFlight > 0 ? 0 : 1);
  }

  function yieldMs({ used, limit, windowMs }: WindowState): number {
    const own = counter.own();
    return used > own ? (windowMs * yieldShare * own) / limit : 0;
  }

  return {
    roomFor(lane, at, someoneWaits) {
      const window = look(at, someoneWaits);
      if (scout === "out") return 0;
      const cap = capOf(lane, window);
      const relation = company();
      if (relation === "asked" && lane === "bulk" && at < yieldsUntil) return 0;
      const known = cap - window.used;
      const stale = relation === "asked" && at - agreedAt >= window.windowMs * staleShare;
      const room = relation === "alone" ? Math.min(known, partOf(cap)) : Math.max(known, stale ? 1 : 0);
      return scout === "wanted" ? Math.min(1, room) : room;
    },
    opensIn(lane, at) {
      const window = look(at, true);
      const { windowMs, leftMs } = window;
      if (scout === "out") return scoutSentAt + windowMs * scoutShare - at;
      const waitMs = waitOf(lane, window, 0);
      if (company() === "asked") {
        const politeMs = lane === "bulk" ? Math.max(waitMs + yieldMs(window), yieldsUntil - at) : waitMs;
        return Math.min(politeMs, windowMs * staleShare);
      }
      return company() === "alone" ? Math.min(waitMs || leftMs, windowMs * aloneShare) : waitMs;
    },
    sent(at) {
      inFlight += 1;
      if (scout !== "wanted") return;
      scout = "out";
      scoutSentAt = at;
    },
    done(sentAt) {
      inFlight -= 1;
      if (scout === "out" && sentAt >= scoutSentAt) scout = "none";
    },
    unsent(sentAt) {
      inFlight -= 1;
      if (scout === "out" && sentAt >= scoutSentAt) scout = "wanted";
    },
    agreed(at) {
      agreedAt = at;
      yieldsUntil = at + yieldMs(counter.at(at));
    },
  };
}
