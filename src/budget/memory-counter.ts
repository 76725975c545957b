import type { RateSnapshot } from "../errors";
import type { ClockLead } from "./clock-lead";
import type { WindowState } from "./metering";

interface Settings {
  /** Assumed until an answer names one. */
  readonly limit: number;
  readonly windowMs: number;
  readonly lead: ClockLead;
}

/** What is counted here of one company's requests, corrected by what Aircall and the other processes say. */
export interface MemoryCounter {
  /** At this moment; a window that is over makes room for an empty one. */
  at(now: number): WindowState;
  /** Null where no request has opened one. */
  endsAt(): number | null;
  /** How many windows are over. */
  windowsOver(): number;
  /** Requests that go now. `counted`: those that the shared counter has counted already. */
  spend(now: number, counted?: "counted"): void;
  /**
   * One that was to go in this window did not. `counted`: the shared counter has counted it, so that another may go in
   * its place; `gone`: it makes room for nobody.
   */
  takeBack(window: number, now: number): "free" | "counted" | "gone";
  /** What the headers of an answer say, to a request sent at `sentAt`. */
  learn(rate: RateSnapshot, sentAt: number, now: number): void;
  /** A 429: nothing goes for so long. False when it belongs to a window that is over. */
  pause(pauseMs: number, sentAt: number, now: number): boolean;
  /** What all processes together have used, as far as they were told; `granted` of it is for requests that now go here. */
  agree(tally: { used: number; leftMs: number; granted: number }, now: number): void;
  /** What the others should know. */
  news(now: number): News;
  /** They know it. */
  told(news: News): void;
  /** This process's part of what all used lately, from 0 to 1. */
  share(): number;
  /** Of this process in this window. */
  own(): number;
}

export interface News {
  /** Sent without the shared counter having counted them. */
  readonly uncounted: number;
  /** Beside those. */
  readonly used: number;
  /** Null when Aircall has not said. */
  readonly leftMs: number | null;
  /** Whether Aircall has said so since the others were told. */
  readonly fresh: boolean;
}

/** What Aircall says of a window that is nearly over is soon wrong. */
const worthKnowingShare = 1 / 60;
/** A window whose end nobody named lasts so much longer: Aircall's begins when the first request arrives there. */
const unnamedShare = 1 / 60;

export function createMemoryCounter({ limit: assumed, windowMs, lead }: Settings): MemoryCounter {
  let limit = assumed;
  let used = 0;
  /** So many at least, whatever was counted here: Aircall said so. */
  let usedForSure = 0;
  let own = 0;
  let uncounted = 0;
  let openedAt = 0;
  let endsAt: number | null = null;
  /** As Aircall named it; null until it has. */
  let resetAt: number | null = null;
  let fresh = false;
  let before = { own: 0, used: 0 };
  let share = 1;
  let windowsOver = 0;

  const worthKnowingMs = windowMs * worthKnowingShare;

  function close(): void {
    before = { own, used: Math.min(used, limit) };
    used = usedForSure = own = uncounted = 0;
    endsAt = resetAt = null;
    fresh = false;
    windowsOver += 1;
  }

  function roll(now: number): void {
    if (endsAt === null) return;
    // A clock that was set back must not stretch the window.
    if (endsAt - now > 2 * windowMs) endsAt = now + windowMs;
    if (now >= endsAt) close();
  }

  function open(now: number, lengthMs: number): void {
    openedAt = now;
    endsAt = now + lengthMs;
  }

  function nameWindow(reset: number, seen: number | null, now: number): void {
    const ends = lead.endOf(reset, now);
    if (ends - now < worthKnowingMs) return;
    if (resetAt !== null && reset - resetAt <= windowMs / 2) return count(seen);
    if (resetAt !== null) {
      close();
      openedAt = now;
    }
    resetAt = reset;
    endsAt = ends;
    fresh = true;
    count(seen);
  }

  function count(seen: number | null): void {
    if (seen === null) return;
    usedForSure = Math.max(usedForSure, seen);
    if (seen <= used) return;
    used = seen;
    fresh ||= resetAt !== null;
  }

  return {
    at(now) {
      roll(now);
      return { limit, used: Math.min(used, limit), leftMs: endsAt === null ? windowMs : endsAt - now, windowMs };
    },
    endsAt: () => endsAt,
    windowsOver: () => windowsOver,
    spend(now, counted) {
      roll(now);
      if (endsAt === null) open(now, windowMs * (1 + unnamedShare));
      own += 1;
      if (counted) return;
      used += 1;
      uncounted += 1;
    },
    takeBack(window, now) {
      roll(now);
      if (window !== windowsOver) return "gone";
      own -= 1;
      if (used <= usedForSure) return "gone";
      if (uncounted === 0) return "counted";
      used -= 1;
      uncounted -= 1;
      // Nobody has opened it.
      if (used === 0 && resetAt === null) endsAt = null;
      return "free";
    },
    learn(rate, sentAt, now) {
      roll(now);
      if (rate.limit !== null && rate.limit > 0) limit = rate.limit;
      const seen = rate.remaining === null ? null : Math.max(0, limit - rate.remaining);
      const reset = rate.resetAt?.getTime() ?? null;
      if (reset !== null) {
        lead.seen(reset, sentAt);
        nameWindow(reset, seen, now);
      } else if (endsAt !== null && sentAt >= openedAt) count(seen);
    },
    pause(pauseMs, sentAt, now) {
      roll(now);
      if (sentAt < openedAt) return false;
      used = usedForSure = Math.max(used, limit);
      const named = resetAt === null || endsAt === null ? 0 : endsAt;
      endsAt = Math.max(named, now + Math.min(pauseMs, windowMs));
      return true;
    },
    agree({ used: shared, leftMs, granted }, now) {
      roll(now);
      if (endsAt === null || leftMs > endsAt - now + windowMs / 2) {
        if (endsAt !== null) close();
        open(now, leftMs);
      }
      used = shared + uncounted;
      endsAt = now + leftMs;
      const total = before.used + Math.min(used, limit);
      if (total > 0) share = Math.min(1, (before.own + own + granted) / total);
    },
    news(now) {
      roll(now);
      const leftMs = endsAt === null || resetAt === null ? 0 : endsAt - now;
      const known = leftMs >= worthKnowingMs;
      return { uncounted, used: used - uncounted, leftMs: known ? Math.ceil(leftMs) : null, fresh: known && fresh };
    },
    told(news) {
      uncounted = Math.max(0, uncounted - news.uncounted);
      if (news.fresh) fresh = false;
    },
    share: () => share,
    own: () => own,
  };
}
