import type { RateSnapshot } from "../errors/errors";
import type { ClockSkew } from "./clock-skew";
import { LearntLimit } from "./learnt-limit";
import type { WindowState } from "./bulk-cap";

export interface WindowSettings {
  /** Assumed until an answer names one. */
  readonly limit: number;
  readonly windowMs: number;
  readonly skew: ClockSkew;
}

export interface News {
  /** Sent without the shared window having counted them. */
  readonly uncounted: number;
  /** Beside those. */
  readonly used: number;
  /** Null when Aircall has not said. */
  readonly leftMs: number | null;
  /** Whether Aircall has said so since the others were told. */
  readonly fresh: boolean;
  /** The learnt limit as text; null when the others know it. */
  readonly limit: string | null;
}

/** What the others answered. */
export interface Agreed {
  /** By all processes together, as far as they were told. */
  readonly used: number;
  readonly leftMs: number;
  /** Of those, for requests that now go here. */
  readonly granted: number;
  /** The limit they have learnt, as text. */
  readonly limit: string;
}

/** What Aircall says of a window that is nearly over is soon wrong. */
const worthKnowingShare = 1 / 60;
/** A window whose end nobody named lasts so much longer: Aircall's begins when the first request arrives there. */
const unnamedShare = 1 / 60;

/** What a 429 asks for. */
export interface Pause {
  readonly pauseMs: number;
  readonly sentAt: number;
  readonly now: number;
}

/**
 * What is counted here of one company's requests, corrected by what Aircall and the other processes say. Its methods
 * take the moment at which they are called; a window that is over by then makes room for an empty one.
 */
export class Window {
  readonly limit: LearntLimit;
  /** An answer has shown it, be it by not naming another. */
  knowsLimit = false;
  readonly #settings: WindowSettings;
  #used = 0;
  /** So many at least, whatever was counted here: Aircall said so. */
  #usedForSure = 0;
  #own = 0;
  #uncounted = 0;
  /** Of its requests that were sent in it, so many were answered and not refused. */
  #succeeded = 0;
  /** How many all had sent when the first was refused. */
  #usedAtRefusal = 0;
  #openedAt = 0;
  #endsAt: number | null = null;
  /** As Aircall named it; null until it has. */
  #resetAt: number | null = null;
  #fresh = false;
  #toldLimit: string | null = null;
  #ownBefore = 0;
  #usedBefore = 0;
  #share = 1;
  #windowsOver = 0;

  constructor(settings: WindowSettings) {
    this.#settings = settings;
    this.limit = new LearntLimit(settings.limit);
  }

  at(now: number): WindowState {
    this.#roll(now);
    const { windowMs } = this.#settings;
    const limit = this.limit.value;
    const leftMs = this.#endsAt === null ? windowMs : this.#endsAt - now;
    return { limit, used: Math.min(this.#used, limit), leftMs, windowMs };
  }

  /** Null where no request has opened one. */
  endsAt(): number | null {
    return this.#endsAt;
  }

  windowsOver(): number {
    return this.#windowsOver;
  }

  /** Of this process in this window. */
  own(): number {
    return this.#own;
  }

  /** This process's part of what all used lately, from 0 to 1. */
  share(): number {
    return this.#share;
  }

  /** In the window before this one. */
  usedByOthersBefore(): number {
    return Math.max(0, this.#usedBefore - this.#ownBefore);
  }

  /** A request goes now. `counted`: the shared window has counted it already. */
  spend(now: number, counted?: "counted"): void {
    this.#roll(now);
    if (this.#endsAt === null) this.#open(now, this.#settings.windowMs * (1 + unnamedShare));
    this.#own += 1;
    if (counted) return;
    this.#used += 1;
    this.#uncounted += 1;
  }

  /**
   * One that was to go in this window did not. `counted`: the shared window has counted it, so that another may go in
   * its place; `gone`: it makes room for nobody.
   */
  takeBack(window: number, now: number): "free" | "counted" | "gone" {
    this.#roll(now);
    if (window !== this.#windowsOver) return "gone";
    this.#own -= 1;
    if (this.#used <= this.#usedForSure) return "gone";
    if (this.#uncounted === 0) return "counted";
    this.#used -= 1;
    this.#uncounted -= 1;
    // Nobody has opened it.
    if (this.#used === 0 && this.#resetAt === null) this.#endsAt = null;
    return "free";
  }

  /** An answer that is no 429, to a request sent at `sentAt`. */
  learn(rate: RateSnapshot, sentAt: number, now: number): void {
    this.#roll(now);
    this.knowsLimit = true;
    if (rate.limit !== null && rate.limit > 0) this.limit.name(rate.limit);
    if (this.#endsAt !== null && sentAt >= this.#openedAt) this.#succeeded += 1;
    this.#infer();
    this.#read(rate, sentAt, now);
  }

  /** A 429: nothing goes for `pauseMs`. False when it belongs to a window that is over. */
  refuse(rate: RateSnapshot | null, { pauseMs, sentAt, now }: Pause): boolean {
    this.#roll(now);
    this.knowsLimit = true;
    const usedBefore = this.#used;
    if (rate?.limit) this.limit.nameRefusing(rate.limit);
    if (rate) this.#read(rate, sentAt, now);
    if (sentAt < this.#openedAt) return false;
    this.#usedAtRefusal ||= usedBefore;
    this.#infer();
    this.#used = this.#usedForSure = Math.max(this.#used, this.limit.value);
    const named = this.#resetAt === null || this.#endsAt === null ? 0 : this.#endsAt;
    this.#endsAt = Math.max(named, now + Math.min(pauseMs, this.#settings.windowMs));
    return true;
  }

  agree({ used, leftMs, granted, limit }: Agreed, now: number): void {
    this.#roll(now);
    if (this.limit.adopt(limit)) {
      this.#toldLimit = limit;
      this.knowsLimit = true;
    }
    if (this.#endsAt === null || leftMs > this.#endsAt - now + this.#settings.windowMs / 2) {
      if (this.#endsAt !== null) this.#close();
      this.#open(now, leftMs);
    }
    this.#used = used + this.#uncounted;
    this.#endsAt = now + leftMs;
    const total = this.#usedBefore + Math.min(this.#used, this.limit.value);
    if (total > 0) this.#share = Math.min(1, (this.#ownBefore + this.#own + granted) / total);
  }

  /** What the others should know. */
  news(now: number): News {
    this.#roll(now);
    const leftMs = this.#endsAt === null || this.#resetAt === null ? 0 : this.#endsAt - now;
    const known = leftMs >= this.#worthKnowingMs;
    const limit = this.limit.text();
    return {
      uncounted: this.#uncounted,
      used: this.#used - this.#uncounted,
      leftMs: known ? Math.ceil(leftMs) : null,
      fresh: known && this.#fresh,
      limit: limit === this.#toldLimit ? null : limit,
    };
  }

  /** They know it. */
  told(news: News): void {
    this.#uncounted = Math.max(0, this.#uncounted - news.uncounted);
    if (news.fresh) this.#fresh = false;
    this.#toldLimit = news.limit ?? this.#toldLimit;
  }

  /** What headers say of the window. */
  #read(rate: RateSnapshot, sentAt: number, now: number): void {
    const seen = rate.remaining === null ? null : Math.max(0, this.limit.value - rate.remaining);
    const reset = rate.resetAt?.getTime() ?? null;
    if (reset !== null) {
      this.#settings.skew.seen(reset, sentAt);
      this.#nameWindow(reset, seen, now);
    } else if (this.#endsAt !== null && sentAt >= this.#openedAt) this.#count(seen);
  }

  #nameWindow(reset: number, seen: number | null, now: number): void {
    const ends = this.#settings.skew.endOf(reset, now);
    if (ends - now < this.#worthKnowingMs) return;
    if (this.#resetAt !== null && reset - this.#resetAt <= this.#settings.windowMs / 2) return this.#count(seen);
    if (this.#resetAt !== null) {
      this.#close();
      this.#openedAt = now;
    }
    this.#resetAt = reset;
    this.#endsAt = ends;
    this.#fresh = true;
    this.#count(seen);
  }

  #count(seen: number | null): void {
    if (seen === null) return;
    this.#usedForSure = Math.max(this.#usedForSure, seen);
    if (seen <= this.#used) return;
    this.#used = seen;
    this.#fresh ||= this.#resetAt !== null;
  }

  /** Other processes have had as large a part of theirs refused. */
  #infer(): void {
    if (this.#usedAtRefusal === 0 || this.#succeeded === 0) return;
    this.limit.infer(Math.max(1, Math.floor((this.#succeeded * this.#usedAtRefusal) / Math.max(1, this.#own))));
  }

  #open(now: number, lengthMs: number): void {
    this.#openedAt = now;
    this.#endsAt = now + lengthMs;
  }

  #roll(now: number): void {
    if (this.#endsAt === null) return;
    const { windowMs } = this.#settings;
    // A clock that was set back must not stretch the window.
    if (this.#endsAt - now > 2 * windowMs) this.#endsAt = now + windowMs;
    if (now >= this.#endsAt) this.#close();
  }

  #close(): void {
    this.#ownBefore = this.#own;
    this.#usedBefore = Math.min(this.#used, this.limit.value);
    this.#used = this.#usedForSure = this.#own = this.#uncounted = 0;
    this.#succeeded = this.#usedAtRefusal = 0;
    this.#endsAt = this.#resetAt = null;
    this.#fresh = false;
    // What is certain is said again in each window, lest the others forget it.
    if (!this.limit.inferred) this.#toldLimit = null;
    this.#windowsOver += 1;
    this.limit.windowOver();
  }

  get #worthKnowingMs(): number {
    return this.#settings.windowMs * worthKnowingShare;
  }
}
