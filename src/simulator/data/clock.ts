import type { Company } from "./company";
import { advanceCalls } from "./calls/ongoing-calls";

/** Brings a company to this moment, in UNIX milliseconds: calls go on, and what was deleted goes. */
export function bringTo(company: Company, now: number): void {
  advanceCalls(company, Math.floor(now / 1000));
  const due = company.later.filter(({ at }) => at <= now);
  if (due.length === 0) return;
  company.later.splice(0, Infinity, ...company.later.filter(({ at }) => at > now));
  for (const { happen } of due) happen();
}
