import type { Company } from "./company";
import { advanceCalls } from "./ongoing-calls";

/** Something that is to happen to a company by itself. */
export interface Later {
  /** UNIX milliseconds. */
  readonly at: number;
  readonly happen: () => void;
}

/** Brings a company to this moment, in UNIX milliseconds: calls go on, and what was deleted goes. */
export function bringTo(company: Company, now: number): void {
  advanceCalls(company, Math.floor(now / 1000));
  const due = company.later.filter(({ at }) => at <= now);
  if (due.length === 0) return;
  company.later.splice(0, Infinity, ...company.later.filter(({ at }) => at > now));
  for (const { happen } of due) happen();
}

/** Lets something happen so many seconds from `now`, which is in UNIX milliseconds; at once for 0. */
export function happenIn(company: Company, seconds: number, now: number, happen: () => void): void {
  if (seconds === 0) return happen();
  company.later.push({ at: now + seconds * 1000, happen });
}
