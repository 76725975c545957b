import { ConfigError } from "../errors";
import type { BudgetSnapshot, Turns } from "../http/turns";
import { createClockLead } from "./clock-lead";
import { type CompanyBudget, type CompanyBudgetParts, createCompanyBudget } from "./company-budget";
import { createMemoryCounter } from "./memory-counter";
import type { SharedCounter } from "./redis-counter";

export interface BudgetOptions {
  /** Requests per window and company, until an answer's headers name the limit. Default 120. */
  readonly limit?: number;
  /** How long a window lasts. Default 60,000, as Aircall's. */
  readonly windowMs?: number;
  /** What counts for all processes, asked for until there is one; until then each counts for itself. */
  readonly counter?: () => SharedCounter | null;
  /** UNIX milliseconds. */
  readonly now?: () => number;
  readonly setTimer?: CompanyBudgetParts["setTimer"];
}

export interface Budgets extends Turns {
  /** Refuses everyone who waits. */
  close(): void;
}

const fewBudgets = 1_000;
const idleWindows = 2;

/** One budget per company, made when it is first used and forgotten some time after its last window. */
export function createBudgets(options: BudgetOptions = {}): Budgets {
  const { limit = 120, windowMs = 60_000, counter: shared = () => null, now = Date.now } = options;
  const { setTimer = setRealTimer } = options;
  if (!(Number.isInteger(limit) && limit > 0)) throw new ConfigError("The request limit is a whole number from 1.");
  const lead = createClockLead(windowMs);
  const budgets = new Map<string, CompanyBudget>();
  let sweepFrom = fewBudgets;

  function create(budget: string): CompanyBudget {
    const counter = createMemoryCounter({ limit, windowMs, lead });
    return createCompanyBudget({ budget, counter, shared, now, setTimer });
  }

  function open(budget: string): CompanyBudget {
    const known = budgets.get(budget);
    if (known) return known;
    const created = create(budget);
    budgets.set(budget, created);
    if (budgets.size >= sweepFrom) sweep();
    return created;
  }

  function sweep(): void {
    const longAgo = now() - idleWindows * windowMs;
    for (const [name, budget] of budgets) if ((budget.idleSince() ?? Infinity) < longAgo) budgets.delete(name);
    sweepFrom = Math.max(fewBudgets, 2 * budgets.size);
  }

  return {
    take: (asking) => open(asking.budget).take(asking),
    look: (budget) => budgets.get(budget)?.look() ?? unused(limit),
    close() {
      for (const budget of budgets.values()) budget.close();
    },
  };
}

function unused(limit: number): BudgetSnapshot {
  return { limit, remaining: null, reset: null, queued: 0 };
}

/** Not unref'd: it only runs while somebody waits, whom the process must not leave behind. */
function setRealTimer(run: () => void, delayMs: number): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}
