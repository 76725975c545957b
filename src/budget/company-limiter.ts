import { ClosedError, RateLimitError, type RateSnapshot } from "../errors/errors";
import { tell } from "../diagnostics";
import type { Asking, BudgetSnapshot, Lane, Permit } from "../http/limiter";
import { Agreement } from "./agreement";
import { type SharedState, Admission } from "./admission";
import { GivenPermit, type Issuer } from "./permit";
import { aheadInBoth, goesByShare } from "./lane-shares";
import { laneOrder, Queue, type Waiter } from "./queue";
import { type WindowSettings, Window } from "./window";
import { capOf, leftFor, waitOf } from "./bulk-cap";
import type { SharedWindow } from "./shared-window";
import { type SetTimer, WakeUp } from "./wake-up";

/** The same for all companies of a process. */
export interface CompanyLimiterParts extends WindowSettings {
  /** Null until it is known. */
  readonly shared: () => SharedWindow | null;
  readonly now: () => number;
  readonly setTimer: SetTimer;
}

const maxWaiting = 1_000;
/** Processes that empty a window together ask for so many permits in turn. */
const batch = 8;
/** Newcomers make others wait longer: how much is found out at most once in this part of a window. */
const reviewShare = 1 / 60;
const nobody: Readonly<Record<Lane, number>> = { interactive: 0, bulk: 0 };

/** Gives out one company's requests. An app may have a hundred thousand: what few of them need is made when needed. */
export class CompanyLimiter implements Issuer {
  readonly #name: string;
  readonly #parts: CompanyLimiterParts;
  readonly #window: Window;
  readonly #admission: Admission;
  /** While somebody waits. */
  #queue: Queue | null = null;
  /** Where there is a shared window. */
  #agreement: Agreement | null = null;
  /** Made when somebody has to wait. */
  #wake: WakeUp | null = null;
  #lastTakeAt = 0;

  constructor(name: string, parts: CompanyLimiterParts) {
    this.#name = name;
    this.#parts = parts;
    this.#window = new Window(parts);
    this.#admission = new Admission(this.#window);
  }

  /** When a permit was last asked for; null while one is waited for, or under way. */
  get idleSince(): number | null {
    return this.#queue || this.#admission.inFlight > 0 ? null : this.#lastTakeAt;
  }

  /** Whether it knows a limit that only refusals would teach again. */
  get learnt(): boolean {
    return this.#window.limit.inferred;
  }

  acquire(asking: Asking): Promise<Permit> {
    const { lane, deadline } = asking;
    const at = this.#parts.now();
    this.#lastTakeAt = at;
    if (this.#mayGoAtOnce(lane, at)) {
      const permit = this.#send(lane, at);
      this.#serveBulk(at);
      return Promise.resolve(permit);
    }
    if (deadline.signal.aborted) return Promise.reject(deadline.signal.reason as Error);
    const ahead = this.#queue?.aheadOf(asking) ?? 0;
    if (this.#isHopeless(asking, ahead, at) || !this.#makeRoomFor(asking, ahead, at)) {
      return Promise.reject(this.#refusal(asking, ahead, at));
    }
    const queue = (this.#queue ??= new Queue(() => this.#emptied()));
    const overtakes = ahead < queue.sizeOf(lane) || (lane === "interactive" && queue.sizeOf("bulk") > 0);
    const permit = queue.join(asking, at);
    if (overtakes && queue.mayReview(at, this.#parts.windowMs * reviewShare)) this.#dismissHopeless(at);
    this.#pump();
    return permit;
  }

  look(): BudgetSnapshot {
    const window = this.#window.at(this.#parts.now());
    const endsAt = this.#window.endsAt();
    const waiting = this.#queue?.sizes() ?? nobody;
    const laneOf = (lane: Lane) => ({
      remaining: endsAt === null ? null : leftFor(lane, window),
      queued: waiting[lane],
    });
    return {
      limit: window.limit,
      remaining: endsAt === null ? null : window.limit - window.used,
      reset: endsAt === null ? null : new Date(endsAt),
      queued: waiting.interactive + waiting.bulk,
      lanes: { interactive: laneOf("interactive"), bulk: laneOf("bulk") },
    };
  }

  /** Refuses everyone who waits. */
  close(): void {
    this.#queue?.dismiss(({ asking }) => new ClosedError(asking.request));
  }

  finish(sentAt: number, rate: RateSnapshot | null, pauseMs: number | undefined): void {
    const at = this.#parts.now();
    let review = this.#guesses();
    this.#admission.done(sentAt);
    if (pauseMs === undefined) {
      if (rate) this.#window.learn(rate, sentAt, at);
    } else if (this.#window.refuse(rate, { pauseMs, sentAt, now: at })) {
      this.#agreement?.spare.drop();
      if (this.#company() === "asked") void this.#agreement?.pause();
      review = true;
    }
    if (review) this.#dismissHopeless(at);
    this.#pump();
  }

  giveBack(permit: GivenPermit): void {
    const at = this.#parts.now();
    this.#admission.unsent(permit.at);
    if (this.#window.takeBack(permit.window, at) === "counted") this.#agreement?.spare.keep(1, at);
    this.#pump();
  }

  #company(): SharedState {
    if (!this.#agreement) {
      const shared = this.#parts.shared();
      if (!shared) return "none";
      const { now } = this.#parts;
      this.#agreement = new Agreement({
        budget: this.#name,
        window: this.#window,
        shared,
        admission: this.#admission,
        now,
      });
    }
    return this.#agreement.shared.ready() ? "asked" : "alone";
  }

  #roomFor(lane: Lane, at: number): number {
    return this.#admission.roomFor(lane, at, { company: this.#company(), someoneWaits: this.#queue !== null });
  }

  #mayGoAtOnce(lane: Lane, at: number): boolean {
    const before = lane === "interactive" ? this.#queue?.sizeOf(lane) : this.#queue?.size;
    return !before && this.#company() !== "asked" && this.#roomFor(lane, at) > 0;
  }

  #send(lane: Lane, at: number, counted?: "counted"): Permit {
    this.#window.spend(at, counted);
    this.#admission.sent(at);
    if (this.#queue && this.#queue.sizeOf("bulk") > 0) this.#queue.shares.went(lane);
    this.#lookForOthers();
    return new GivenPermit(this, at, this.#window.windowsOver());
  }

  /** Finds out, now and then, whether a shared window that fell silent is back. */
  #lookForOthers(): void {
    if (!this.#agreement?.shared.due()) return;
    void this.#agreement.ask(0, 0).then((tally) => tally && this.#pump());
  }

  #pump(): void {
    const queue = this.#queue;
    if (!queue) return;
    const at = this.#parts.now();
    queue.noteWindow(this.#window, at);
    for (const lane of laneOrder) this.#serve(lane, at);
    if (!this.#queue) return;
    this.#lookForOthers();
    this.#schedule(queue, at);
  }

  #serve(lane: Lane, at: number): void {
    for (let wanted = this.#wantedBy(lane); wanted > 0; wanted = this.#wantedBy(lane)) {
      const waiter = this.#queue?.next(lane);
      if (!waiter) return;
      const counted = this.#agreement?.spare.take(at);
      const room = counted ? 1 : this.#roomFor(lane, at);
      if (room < 1) return;
      if (!counted && this.#company() === "asked") return this.#askFor(lane, Math.min(room, wanted, batch));
      this.#give(waiter, at, counted);
    }
  }

  /** What is owed to bulk goes with the interactive ones, whose room it may use. */
  #serveBulk(at: number): void {
    if (this.#queue && this.#queue.shares.owed() > 0) this.#serve("interactive", at);
  }

  #wantedBy(lane: Lane): number {
    return this.#queue?.wantedBy(lane, { interactiveAsked: this.#agreement?.asking.interactive ?? false }) ?? 0;
  }

  #give(waiter: Waiter, at: number, counted?: "counted"): void {
    const { request, lane } = waiter.asking;
    const { since, inContext } = waiter;
    const waited = this.#queue && this.#queue.closedAt[lane] >= since;
    if (waited) inContext(() => tell("express-aircall:wait", { request, lane, waitMs: at - since }));
    waiter.give(this.#send(lane, at, counted));
  }

  #askFor(lane: Lane, count: number): void {
    const agreement = this.#agreement;
    if (!agreement || agreement.asking[lane]) return;
    agreement.asking[lane] = true;
    const guesses = this.#guesses();
    void agreement.ask(count, capOf(lane, this.#window.at(this.#parts.now()))).then((tally) => {
      agreement.asking[lane] = false;
      if (tally?.granted) this.#giveCounted(lane, count, agreement);
      if (tally && (guesses || !tally.granted)) this.#dismissHopeless(this.#parts.now());
      this.#pump();
    });
  }

  #giveCounted(lane: Lane, count: number, { spare }: Agreement): void {
    const at = this.#parts.now();
    for (let permits = count; permits > 0; permits -= 1) {
      const waiter = this.#queue?.next(lane) ?? this.#queue?.first("interactive") ?? this.#queue?.first("bulk");
      if (waiter) this.#give(waiter, at, "counted");
      else return spare.keep(permits, at);
    }
  }

  #schedule(queue: Queue, at: number): void {
    const closed = laneOrder.filter((lane) => queue.sizeOf(lane) > 0 && !this.#agreement?.asking[lane]);
    for (const lane of closed) queue.closedAt[lane] = at;
    const waits = closed.map((lane) => this.#admission.opensIn(lane, at, this.#company()));
    if (waits.length === 0) return;
    this.#wake ??= new WakeUp(this.#parts.setTimer, () => this.#pump());
    this.#wake.in(Math.min(...waits), at);
  }

  #emptied(): void {
    this.#queue = null;
    this.#wake?.cancel();
  }

  /** Where all places are taken, whoever would go last has to leave for one who would go before it. */
  #makeRoomFor({ lane }: Asking, ahead: number, at: number): boolean {
    const last = this.#queue && this.#queue.size >= maxWaiting ? this.#queue.last() : undefined;
    if (!last || !this.#queue) return true;
    if (!this.#queue.goesBefore(last, lane, ahead)) return false;
    last.refuse(this.#refusal(last.asking, this.#queue.sizeOf(last.asking.lane), at));
    return true;
  }

  #dismissHopeless(at: number): void {
    this.#queue?.dismiss(({ asking }, ahead) =>
      this.#isHopeless(asking, ahead, at) ? this.#refusal(asking, ahead, at) : null,
    );
  }

  /** Whether the limit is a guess that an answer on its way may correct. */
  #guesses(): boolean {
    if (this.#window.knowsLimit) return false;
    return this.#admission.inFlight > 0 || (this.#company() === "asked" && !this.#admission.hasAgreed);
  }

  #isHopeless({ lane, deadline }: Asking, ahead: number, at: number): boolean {
    return !this.#guesses() && this.#waitFor(lane, ahead, at) >= deadline.remainingMs();
  }

  /** `ahead` counts its own lane. */
  #waitFor(lane: Lane, ahead: number, at: number): number {
    const waiting = this.#queue?.sizes() ?? nobody;
    const others = aheadInBoth(lane, ahead, waiting) - (this.#agreement?.spare.left(at) ?? 0);
    if (others < 0) return 0;
    const byShare = lane === "bulk" && goesByShare(ahead, waiting);
    return waitOf(byShare ? "interactive" : lane, this.#window.at(at), others);
  }

  #refusal({ lane, request }: Asking, ahead: number, at: number): RateLimitError {
    const { limit, remaining, reset: resetAt } = this.look();
    return new RateLimitError(request, this.#waitFor(lane, ahead, at), { limit, remaining, resetAt });
  }
}
