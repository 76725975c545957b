import { RateLimitError, type RateSnapshot } from "../errors";
import { tell } from "../events";
import type { Asking, BudgetSnapshot, Lane, Turn } from "../http/turns";
import { type Agreement, createAgreement } from "./agreement";
import { createGate } from "./gate";
import { GivenTurn } from "./given-turn";
import { createLanes, laneOrder, type Waiter } from "./lanes";
import type { MemoryCounter } from "./memory-counter";
import { capOf, waitOf } from "./metering";
import type { SharedCounter } from "./redis-counter";
import { createSpareTurns } from "./spare-turns";

export interface CompanyBudgetParts {
  readonly budget: string;
  readonly counter: MemoryCounter;
  /** Null until it is known. */
  readonly shared: () => SharedCounter | null;
  readonly now: () => number;
  /** Calls `run` after `delayMs`; answers how to prevent it. */
  readonly setTimer: (run: () => void, delayMs: number) => () => void;
}

/** Gives out one company's requests. */
export interface CompanyBudget {
  take(asking: Asking): Promise<Turn>;
  look(): BudgetSnapshot;
  /** When a turn was last asked for; null while somebody waits. */
  idleSince(): number | null;
  /** Refuses everyone who waits. */
  close(): void;
}

const maxWaiting = 1_000;
/** Processes that empty a window together take turns by so many. */
const batch = 8;

export function createCompanyBudget(parts: CompanyBudgetParts): CompanyBudget {
  const { budget, counter, now, setTimer } = parts;
  const gate = createGate({ counter, company });
  const giver = { finish, takeBack };
  const lanes = createLanes(cancelWake);
  const spare = createSpareTurns(counter);
  const asking: Record<Lane, boolean> = { interactive: false, bulk: false };
  const closedAt: Record<Lane, number> = { interactive: -Infinity, bulk: -Infinity };
  let shared: SharedCounter | null = null;
  let agreement: Agreement | null = null;
  let wake: { readonly at: number; readonly cancel: () => void } | null = null;
  let lastTakeAt = 0;

  function company(): "none" | "asked" | "alone" {
    if (!shared) {
      shared = parts.shared();
      if (!shared) return "none";
      agreement = createAgreement({ budget, counter, shared, gate, now });
    }
    return shared.ready() ? "asked" : "alone";
  }

  function take(wanted: Asking): Promise<Turn> {
    const { lane, deadline } = wanted;
    const at = now();
    lastTakeAt = at;
    const ahead = lanes.ahead(lane);
    if (ahead === 0 && company() !== "asked" && gate.roomFor(lane, at, lanes.size > 0) > 0) {
      return Promise.resolve(send(at));
    }
    if (deadline.signal.aborted) return Promise.reject(deadline.signal.reason);
    if (lanes.size >= maxWaiting) return Promise.reject(refuse(wanted, ahead, at));
    if (isHopeless(wanted, ahead, at)) return Promise.reject(refuse(wanted, ahead, at));
    const turn = lanes.join(wanted, at);
    pump();
    return turn;
  }

  function send(at: number, counted?: "counted"): Turn {
    counter.spend(at, counted);
    gate.sent(at);
    if (shared?.due()) lookForOthers();
    return new GivenTurn(giver, at, counter.windowsOver());
  }

  function lookForOthers(): void {
    void agreement?.ask(0, 0).then((tally) => tally && pump());
  }

  function finish(sentAt: number, rate: RateSnapshot | null, pauseMs: number | undefined): void {
    const at = now();
    gate.done(sentAt);
    if (rate) counter.learn(rate, sentAt, at);
    if (pauseMs !== undefined && counter.pause(pauseMs, sentAt, at)) {
      spare.drop();
      if (company() === "asked") void agreement?.pause();
      dismissHopeless(at);
    }
    if (lanes.size > 0) pump();
  }

  function takeBack(turn: GivenTurn): void {
    const at = now();
    gate.unsent(turn.at);
    if (counter.takeBack(turn.window, at) === "counted") spare.keep(1, at);
    if (lanes.size > 0) pump();
  }

  function pump(): void {
    const at = now();
    for (const lane of laneOrder) serve(lane, at);
    if (lanes.size > 0 && shared?.due()) lookForOthers();
    schedule(at);
  }

  function serve(lane: Lane, at: number): void {
    for (let waiter = next(lane); waiter; waiter = next(lane)) {
      const counted = spare.take(at);
      const room = counted ? 1 : gate.roomFor(lane, at, true);
      if (room < 1) return;
      if (!counted && company() === "asked") return askFor(lane, Math.min(room, lanes.sizeOf(lane), batch));
      give(waiter, at, counted);
    }
  }

  function next(lane: Lane): Waiter | undefined {
    const othersFirst = lane === "bulk" && lanes.sizeOf("interactive") > 0 && !asking.interactive;
    return othersFirst ? undefined : lanes.first(lane);
  }

  function give(waiter: Waiter, at: number, counted?: "counted"): void {
    const { request, lane } = waiter.asking;
    const { since, inContext } = waiter;
    if (closedAt[lane] >= since) inContext(() => tell("express-aircall:wait", { request, lane, waitMs: at - since }));
    waiter.give(send(at, counted));
  }

  function askFor(lane: Lane, count: number): void {
    if (asking[lane] || !agreement) return;
    asking[lane] = true;
    void agreement.ask(count, capOf(lane, counter.at(now()))).then((tally) => {
      asking[lane] = false;
      if (tally?.granted) giveCounted(lane, count);
      else if (tally) dismissHopeless(now());
      pump();
    });
  }

  function giveCounted(lane: Lane, count: number): void {
    const at = now();
    for (let turns = count; turns > 0; turns -= 1) {
      const waiter = lanes.first(lane) ?? lanes.first("interactive") ?? lanes.first("bulk");
      if (waiter) give(waiter, at, "counted");
      else return spare.keep(turns, at);
    }
  }

  function schedule(at: number): void {
    const closed = laneOrder.filter((lane) => lanes.sizeOf(lane) > 0 && !asking[lane]);
    for (const lane of closed) closedAt[lane] = at;
    if (closed.length > 0) wakeIn(Math.min(...closed.map((lane) => gate.opensIn(lane, at))), at);
  }

  function wakeIn(waitMs: number, at: number): void {
    const delayMs = Math.max(1, Math.ceil(waitMs));
    if (wake && wake.at <= at + delayMs) return;
    cancelWake();
    const cancel = setTimer(() => {
      wake = null;
      pump();
    }, delayMs);
    wake = { at: at + delayMs, cancel };
  }

  function cancelWake(): void {
    wake?.cancel();
    wake = null;
  }

  function isHopeless({ lane, deadline }: Asking, ahead: number, at: number): boolean {
    return waitFor(lane, ahead, at) >= deadline.remainingMs();
  }

  function waitFor(lane: Lane, ahead: number, at: number): number {
    const others = ahead - spare.left(at);
    return others < 0 ? 0 : waitOf(lane, counter.at(at), others);
  }

  function refuse({ lane, request }: Asking, ahead: number, at: number): RateLimitError {
    const { limit, remaining, reset: resetAt } = look();
    return new RateLimitError(request, waitFor(lane, ahead, at), { limit, remaining, resetAt });
  }

  function dismissHopeless(at: number): void {
    if (lanes.size === 0) return;
    lanes.dismiss(({ asking }, ahead) => (isHopeless(asking, ahead, at) ? refuse(asking, ahead, at) : null));
  }

  function look(): BudgetSnapshot {
    const { limit, used } = counter.at(now());
    const endsAt = counter.endsAt();
    const open = endsAt !== null;
    return { limit, remaining: open ? limit - used : null, reset: open ? new Date(endsAt) : null, queued: lanes.size };
  }

  return {
    take,
    look,
    idleSince: () => (lanes.size > 0 ? null : lastTakeAt),
    close() {
      lanes.dismiss(({ asking }, ahead) => refuse(asking, ahead, now()));
    },
  };
}
