import { NotConnectedError } from "express-aircall";
import { readAgents } from "./agents";
import type { BoardCompany, CompanyKey } from "./company";
import { fill, troubleCode, weekSeconds } from "./fill";
import type { Mirror } from "./mirror";
import { emptyProgress, readFilling, type Filling } from "./progress";
import type { SharedState } from "./shared-state";

export interface FillerOptions {
  /** Milliseconds. */
  readonly now?: () => number;
  /** How many calls of a company are kept at most. */
  readonly most?: number;
  /** How often it is seen to that a mirror is filled, and what is older than a week goes. */
  readonly everyMs?: number;
}

const leaseMs = 15_000;
/** Aircall's clock and ours may differ. */
const marginSeconds = 60;

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
  const timer = setInterval(() => void lookAtAll(), everyMs).unref();

  async function lookAtAll(): Promise<void> {
    for (const key of kept.keys()) await look(key);
  }

  async function look(key: CompanyKey): Promise<void> {
    const one = kept.get(key);
    if (!one || one.working || now() < one.notBefore) return;
    one.working = true;
    const name = `mirror:${key}`;
    try {
      if (!(await state.lease(name, leaseMs))) return;
      const filling = readFilling(mirror.fields(key, "filling"));
      if (filling?.state !== "full") await fillNow(one.company, filling, one.end.signal);
      else if (filling.trouble) await catchUp(one.company, filling);
      else await dropOld(key);
      one.failures = 0;
    } catch (error) {
      one.failures += 1;
      one.notBefore = now() + Math.min(60_000, everyMs * 2 ** (one.failures - 1));
      if (!one.end.signal.aborted) await noteTrouble(key, error).catch(() => undefined);
    } finally {
      one.working = false;
      await state.release(name).catch(() => undefined);
    }
  }

  async function fillNow(company: BoardCompany, begun: Filling | null, signal: AbortSignal): Promise<void> {
    const { key, client } = company;
    if (mirror.fields(key, "agents").size === 0) await readAgents(mirror, company, signal);
    await fill({
      ...{ client, begun, most, now, signal },
      async keep(calls, filling) {
        await mirror.put(key, calls);
        // Behind the calls, so that a walk that is broken off in between leaves none of them out.
        await mirror.write(key, "filling", { walk: JSON.stringify(filling) });
      },
      stillOurs: () => state.lease(`mirror:${key}`, leaseMs),
    });
    const filled = readFilling(mirror.fields(key, "filling"));
    if (filled?.state === "full") await catchUp(company, filled);
  }

  /** What happened since the walk began, in case that nobody was told of it yet; or since something stood in the way. */
  async function catchUp(company: BoardCompany, filling: Filling): Promise<void> {
    const since = filling.trouble?.since ?? filling.begunAt;
    await company.catchUp(new Date((since - marginSeconds) * 1000));
    if (!filling.trouble) return;
    await mirror.write(company.key, "filling", { walk: JSON.stringify({ ...filling, trouble: null }) });
  }

  async function dropOld(key: CompanyKey): Promise<void> {
    const calls = mirror.calls(key);
    const oldest = Math.floor(now() / 1000) - weekSeconds;
    const surplus = calls.length - most;
    const old = calls.filter(({ startedAt }, index) => startedAt < oldest || index < surplus);
    if (old.length === 0) return;
    await state.write({
      ...{ company: key, subject: "calls" },
      fields: Object.fromEntries(old.map(({ id }) => [id, null])),
    });
  }

  async function noteTrouble(key: CompanyKey, error: unknown): Promise<void> {
    // Who left has no mirror.
    if (error instanceof NotConnectedError) return;
    const filling = readFilling(mirror.fields(key, "filling"));
    const since = filling?.trouble?.since ?? Math.floor(now() / 1000);
    const begun: Filling = filling ?? { ...emptyProgress, cursor: null, begunAt: since };
    const walk = JSON.stringify({ ...begun, trouble: { code: troubleCode(error), since } });
    await mirror.write(key, "filling", { walk });
  }

  return {
    /** From now on. */
    keep(company: BoardCompany): void {
      if (kept.has(company.key)) return;
      kept.set(company.key, { company, end: new AbortController(), working: false, failures: 0, notBefore: 0 });
      void look(company.key);
    },
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
