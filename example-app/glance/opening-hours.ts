import type { Zones } from "./zones";

/** When somebody is there, Monday to Sunday, by the clock of the line that is rung; null on a day nobody is. */
export type OpeningHours = readonly (OpenTime | null)[];

/**
 * In minutes since midnight, from the one up to the other; where the end is no later than the beginning, it is on the
 * next day: 22:00 to 06:00, or 00:00 to 00:00 for all of a day.
 */
export interface OpenTime {
  readonly from: number;
  readonly to: number;
}

/** A moment (UNIX seconds) on a line's clock. */
export interface Moment {
  readonly seconds: number;
  readonly zone: string | null;
}

export function isOpen(hours: OpeningHours, { seconds, zone }: Moment, zones: Zones): boolean {
  const { weekday, minutes } = zones.at(seconds, zone);
  const [today, yesterday] = [hours[weekday], hours[(weekday + 6) % 7]];
  if (yesterday && goesOvernight(yesterday) && minutes < yesterday.to) return true;
  return Boolean(today && minutes >= today.from && (goesOvernight(today) || minutes < today.to));
}

function goesOvernight({ from, to }: OpenTime): boolean {
  return to <= from;
}

/** When somebody is there next: this moment, if they are. In UNIX seconds; null if nobody ever is. */
export function nextOpening(hours: OpeningHours, moment: Moment, zones: Zones): number | null {
  if (isOpen(hours, moment, zones)) return moment.seconds;
  const { seconds, zone } = moment;
  const { weekday, minutes } = zones.at(seconds, zone);
  for (let days = 0; days <= 7; days += 1) {
    const open = hours[(weekday + days) % 7];
    if (!open || (days === 0 && minutes >= open.from)) continue;
    return whenItIs(days * 1440 + open.from, moment, zones);
  }
  return null;
}

const weekSeconds = 7 * 86_400;

/**
 * When somebody has been there for so long since that moment, all stretches of it together: who waits is not kept
 * waiting by a night. In UNIX seconds; null where that is more than a week away.
 */
export function afterOpen(hours: OpeningHours, moment: Moment, openSeconds: number, zones: Zones): number | null {
  const { seconds, zone } = moment;
  let [at, left] = [seconds, openSeconds];
  while (at < seconds + weekSeconds) {
    const from = nextOpening(hours, { seconds: at, zone }, zones);
    if (from === null) return null;
    const to = closing(hours, { seconds: from, zone }, zones);
    if (left < to - from) return from + left;
    left -= to - from;
    at = to;
  }
  return null;
}

/** When the stretch ends within which that moment is. */
function closing(hours: OpeningHours, moment: Moment, zones: Zones): number {
  const { weekday, minutes } = zones.at(moment.seconds, moment.zone);
  const [today, yesterday] = [hours[weekday], hours[(weekday + 6) % 7]];
  const isToday = today && minutes >= today.from && (goesOvernight(today) || minutes < today.to);
  const end = isToday ? today.to + (goesOvernight(today) ? 1440 : 0) : (yesterday?.to ?? 0);
  // An hour that a change of clocks skips may be the last.
  return Math.max(moment.seconds + 60, whenItIs(end, moment, zones));
}

/** The moment at which the clock there shows so many minutes after the midnight before. */
function whenItIs(minutes: number, { seconds, zone }: Moment, zones: Zones): number {
  const thatMinute = seconds - (seconds % 60) + (minutes - zones.at(seconds, zone).minutes) * 60;
  // Clocks may change in between.
  return thatMinute + zones.offsetSeconds(seconds, zone) - zones.offsetSeconds(thatMinute, zone);
}

/** `09:30` */
export function writeTime(minutes: number): string {
  return `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

/** Null where that is no time of a day; `24:00` is its end. */
export function readTime(text: string): number | null {
  const [, hours, minutes] = /^(\d\d):(\d\d)(?::00)?$/.exec(text) ?? [];
  const time = Number(hours) * 60 + Number(minutes);
  return Number(minutes) < 60 && time <= 1440 ? time : null;
}

function pad(part: number): string {
  return String(part).padStart(2, "0");
}
