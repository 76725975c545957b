import { ClosedError, ConfigError } from "../errors/errors";
import type { BudgetSnapshot, Limiter } from "../http/limiter";
import { createClockSkew } from "./clock-skew";
import { CompanyLimiter } from "./company-limiter";
import type { SharedWindow } from "./shared-window";
import type { SetTimer } from "./wake-up";

export interface BudgetOptions {
  /** Requests per window and company, until an answer's headers name the limit. Default 120. */
  readonly limit?: number;
  /** How long a window lasts. Default 60,000, as Aircall's. */
  readonly windowMs?: number;
  /** What counts for all processes, asked for until there is one; until then each counts for itself. */
  readonly counter?: () => SharedWindow | null;
  /** UNIX milliseconds. */
  readonly now?: () => number;
  readonly setTimer?: SetTimer;
  /** The same, but no reason for the process to go on. */
  readonly setSweepTimer?: SetTimer;
}

export interface Budgets extends Limiter {
  /** Refuses everyone who waits, and who asks later: with a ClosedError. */
  close(): void;
}

const idleWindows = 2;
/** A limit that was found by refusals would cost more of them to find again. */
const learntIdleWindows = 60;

/** One budget per company, made when it is first used and forgotten some time after its last window. */
export function createBudgets(options: BudgetOptions = {}): Budgets {
  const { limit = 120, windowMs = 60_000, counter: shared = () => null, now = Date.now } = options;
  const { setTimer = setRealTimer, setSweepTimer = setIdleTimer } = options;
  if (!(Number.isInteger(limit) && limit > 0)) throw new ConfigError("The request limit is a whole number from 1.");
  const parts = { limit, windowMs, skew: createClockSkew(windowMs), shared, now, setTimer };
  const budgets = new Map<string, CompanyLimiter>();
  let cancelSweep: (() => void) | null = null;
  let sweptAt = 0;
  let closed = false;

  function open(budget: string): CompanyLimiter {
    const known = budgets.get(budget);
    if (known) return known;
    // A busy process may be late with its timers.
    if (now() - sweptAt >= windowMs) sweep();
    const created = new CompanyLimiter(budget, parts);
    budgets.set(budget, created);
    cancelSweep ??= setSweepTimer(sweep, windowMs);
    return created;
  }

  function sweep(): void {
    sweptAt = now();
    for (const [name, budget] of budgets) {
      const idleMs = sweptAt - (budget.idleSince ?? sweptAt);
      if (idleMs > windowMs * (budget.learnt ? learntIdleWindows : idleWindows)) budgets.delete(name);
    }
    cancelSweep?.();
    cancelSweep = budgets.size > 0 ? setSweepTimer(sweep, windowMs) : null;
  }

  return {
    acquire: (asking) =>
      closed ? Promise.reject(new ClosedError(asking.request)) : open(asking.budget).acquire(asking),
    look: (budget) => budgets.get(budget)?.look() ?? unused(limit),
    close() {
      closed = true;
      cancelSweep?.();
      cancelSweep = null;
      for (const budget of budgets.values()) budget.close();
    },
  };
}

function unused(limit: number): BudgetSnapshot {
  const lane = { remaining: null, queued: 0 };
  return { limit, remaining: null, reset: null, queued: 0, lanes: { interactive: lane, bulk: lane } };
}

/** Not unref'd: it only runs while somebody waits, whom the process must not leave behind. */
function setRealTimer(run: () => void, delayMs: number): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}

function setIdleTimer(run: () => void, delayMs: number): () => void {
  const timer = setTimeout(run, delayMs).unref();
  return () => clearTimeout(timer);
}
