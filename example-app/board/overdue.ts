import type { CompanySettings } from "../company-settings/company-settings";
import { afterOpen } from "../glance/opening-hours";
import type { Zones } from "../glance/zones";
import type { Caller } from "./callers";

/**
 * When a caller has waited too long: who rang at night is not overdue as the day begins. In UNIX seconds, by the clock
 * of the line they rang first; null where they wait no more, or that is more than a week away.
 */
export function overdueAt(
  { state, missed: [{ startedAt, line }] }: Pick<Caller, "state" | "missed">,
  { overdueMinutes, hours }: Pick<CompanySettings, "overdueMinutes" | "hours">,
  zones: Zones,
): number | null {
  if (state !== "waiting" && state !== "tried") return null;
  const seconds = overdueMinutes * 60;
  if (hours === null) return startedAt + seconds;
  return afterOpen(hours, { seconds: startedAt, zone: line?.timeZone ?? null }, seconds, zones);
}
