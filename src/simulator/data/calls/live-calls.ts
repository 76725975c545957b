import type { Company } from "../company";
import type { Tell } from "../happening";
import { nestedUser } from "../people";
import { live, planLife, type LifeSettings } from "./call-life";
import { newCall } from "./new-call";
import { insert } from "./timeline";

export interface LiveCalls {
  /** Lets those calls come in that are due by now. */
  readonly tick: () => void;
}

interface Settings extends LifeSettings {
  readonly seed: number;
  /** UNIX milliseconds. */
  readonly now: () => number;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  readonly callsPerMinute: number;
  readonly tell: Tell;
}

const mostAtOnce = 100;

/** Calls that come in by themselves, at any moment as likely as at another. */
export function createLiveCalls(companies: readonly Company[], settings: Settings): LiveCalls {
  const { now, random, callsPerMinute } = settings;
  let nextAt = now() + gap();

  function gap(): number {
    return (-Math.log(1 - random()) * 60_000) / callsPerMinute;
  }

  return {
    tick() {
      for (let count = 0; nextAt <= now() && count < mostAtOnce; count += 1) {
        const company = companies[Math.floor(random() * companies.length)];
        if (company) letIn(company, settings);
        nextAt += gap();
      }
      nextAt = Math.max(nextAt, now());
    },
  };
}

function letIn(company: Company, { now, seed, tell, ...settings }: Settings): void {
  const busy = company.ongoing.map(({ user }) => user?.id);
  const free = company.users.filter(({ id, available }) => available && !busy.includes(id)).map(nestedUser);
  const end = newCall(company, { startedAt: Math.floor(now() / 1000), free }, seed);
  const life = planLife(company, end, settings);
  insert(company.calls, ({ started_at }) => started_at, life.call);
  live(company, life, tell);
}
