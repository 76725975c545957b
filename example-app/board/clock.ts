/** Moments as people in one time zone read them. */
export interface ZoneClock {
  /** E.g. `London`. */
  readonly city: string;
  /** `14:05` */
  time(seconds: number): string;
  /** `Today`, `Yesterday` or `Fri 20 Nov`. */
  day(seconds: number): string;
}

const dayMs = 86_400_000;
const clocks = new Map<string, ZoneClock>();
/** This server's, for lines of which Aircall does not say. */
const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Making one takes long, and there are as many as there are lines' zones. */
export function clockAt(timeZone: string | null, { now = Date.now } = {}): ZoneClock {
  const zone = timeZone ?? ownZone;
  const known = clocks.get(zone) ?? createClock(zone, now);
  clocks.set(zone, known);
  return known;
}

function createClock(timeZone: string, now: () => number): ZoneClock {
  const times = new Intl.DateTimeFormat("en-GB", { timeZone, timeStyle: "short" });
  const days = new Intl.DateTimeFormat("en-GB", { timeZone, weekday: "short", day: "numeric", month: "short" });
  return {
    city: cityOf(timeZone),
    time: (seconds) => times.format(seconds * 1000),
    day(seconds) {
      const day = days.format(seconds * 1000);
      if (day === days.format(now())) return "Today";
      return day === days.format(now() - dayMs) ? "Yesterday" : day;
    },
  };
}

/** `5 min`, `2 h 10 min`, `3 days`. public/board/ages.js says the same as time goes by. */
export function lengthWords(seconds: number): string {
  const minutes = Math.max(0, Math.floor(seconds / 60));
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  if (days > 1) return `${days} days`;
  return hours % 24 === 0 ? "1 day" : `1 day ${hours % 24} h`;
}

/** `London` of `Europe/London`. */
export function cityOf(timeZone: string): string {
  return (timeZone.split("/").at(-1) ?? timeZone).replaceAll("_", " ");
}
