import type { Company } from "./company";

/** Brings a company to this moment, in UNIX milliseconds: calls go on, and what was deleted goes, in order of time. */
export function bringTo({ later }: Company, now: number): void {
  for (;;) {
    const due = later.filter(({ at }) => at <= now).sort((one, other) => one.at - other.at);
    if (due.length === 0) return;
    later.splice(0, Infinity, ...later.filter(({ at }) => at > now));
    for (const { happen } of due) happen();
  }
}
