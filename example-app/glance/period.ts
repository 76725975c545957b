import type { MirroredCall } from "../mirror/mirrored-call";
import type { Zones } from "./zones";

export const daysShown = 7;

/** The last seven days up to today, oldest first, each as `2026-11-30`: today is what it is where a line's day is furthest on. */
export function lastDays(calls: readonly MirroredCall[], nowSeconds: number, zones: Zones): string[] {
  const timeZones = new Set(calls.map(zoneOf));
  if (timeZones.size === 0) timeZones.add(null);
  const todays = [...timeZones].map((zone) => zones.at(nowSeconds, zone).date);
  const today = todays.sort().at(-1) as string;
  return Array.from({ length: daysShown }, (_, index) => daysBefore(today, daysShown - 1 - index));
}

export function zoneOf({ line }: MirroredCall): string | null {
  return line?.timeZone ?? null;
}

/** The day a call came in, by its line's clock. */
export function dayOf(call: MirroredCall, zones: Zones): string {
  return zones.at(call.startedAt, zoneOf(call)).date;
}

/** `Monday 30 November`, in short `Mon 30`, as briefly as can be `Mon`. */
export function nameOfDay(date: string, length: keyof typeof dayNames): string {
  return dayNames[length].format(new Date(`${date}T00:00:00Z`));
}

const dayNames = {
  long: new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", weekday: "long", day: "numeric", month: "long" }),
  short: new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", weekday: "short", day: "numeric" }),
  brief: new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", weekday: "short" }),
};

function daysBefore(date: string, days: number): string {
  const moment = new Date(`${date}T00:00:00Z`);
  moment.setUTCDate(moment.getUTCDate() - days);
  return moment.toISOString().slice(0, 10);
}
