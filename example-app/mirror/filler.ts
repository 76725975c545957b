import type { BoardCompany, CompanyKey } from "./company";
import type { Mirror } from "./mirror";
import type { SharedState } from "./shared-state";
import { createUpkeep } from "./upkeep";

export interface FillerOptions {
  /** Milliseconds. */
  readonly now?: () => number;
  /** How many calls of a company are kept at most. */
  readonly most?: number;
  /** How often it is seen to that a mirror is filled, and what is older than a week goes. */
  readonly everyMs?: number;
}

const leaseMs = 15_000;

interface Kept {
  readonly company: BoardCompany;
  readonly end: AbortController;
  working: boolean;
  failures: number;
  /** Milliseconds. */
  notBefore: number;
}

/** Sees to it that opened companies are filled, each by one process at a time, and that their mirrors stay bounded. */
export function createFiller(
  { mirror, state }: { mirror: Mirror; state: SharedState },
  { now = Date.now, most = 50_000, everyMs = 5_000 }: FillerOptions,
) {
  const kept = new Map<CompanyKey, Kept>();
  const upkeep = createUpkeep({ mirror, state, now, most });
  const timer = setInterval(() => {
    for (const key of kept.keys()) void look(key);
  }, everyMs).unref();

  async function look(key: CompanyKey): Promise<void> {
    const one = kept.get(key);
    if (!one || one.working || now() < one.notBefore) return;
    one.working = true;
    const name = `mirror:${key}`;
    const hold = () => state.lease(name, leaseMs);
    const renewing = setInterval(() => void hold().catch(() => undefined), leaseMs / 3).unref();
    try {
      if (!(await hold())) return;
      await upkeep.do(one.company, { stillOurs: hold, signal: one.end.signal });
      one.failures = 0;
    } catch (error) {
      one.failures += 1;
      one.notBefore = now() + Math.min(60_000, everyMs * 2 ** (one.failures - 1));
      if (!one.end.signal.aborted) await upkeep.noteTrouble(key, error).catch(() => undefined);
    } finally {
      clearInterval(renewing);
      one.working = false;
      await state.release(name).catch(() => undefined);
    }
  }

  return {
    /** From now on. */
    keep(company: BoardCompany): void {
      if (kept.has(company.key)) return;
      kept.set(company.key, { company, end: new AbortController(), working: false, failures: 0, notBefore: 0 });
      void look(company.key);
    },
    /** Something of this company's failed at Aircall: it is said, and looked at until it works. */
    noteTrouble: upkeep.noteTrouble,
    forget(key: CompanyKey): void {
      kept.get(key)?.end.abort();
      kept.delete(key);
    },
    close(): void {
      clearInterval(timer);
      for (const key of kept.keys()) kept.get(key)?.end.abort();
      kept.clear();
    },
  };
}
