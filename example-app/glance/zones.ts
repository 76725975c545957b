/** A moment as a clock on a wall there shows it. */
export interface LocalTime {
  /** `2026-11-30` */
  readonly date: string;
  /** 0 is Monday. */
  readonly weekday: number;
  /** Since midnight, by the hands of the clock: a day of a change of time skips some or has them twice. */
  readonly minutes: number;
}

export interface Zones {
  /** UNIX seconds. Null, or a zone that this machine does not know, is this server's. */
  at(seconds: number, zone: string | null): LocalTime;
  /** What is added to UTC there at that moment. */
  offsetSeconds(seconds: number, zone: string | null): number;
}

const quarterSeconds = 900;
const daySeconds = 86_400;

/** Reads clocks in time zones. Remembers what it has read, so make one for each page. */
export function createZones(): Zones {
  const zones = new Map<string | null, (seconds: number) => number>();
  const dates = new Map<number, string>();

  function offsetSeconds(seconds: number, zone: string | null): number {
    const offsetsThere = zones.get(zone) ?? createOffsets(offsetFormat(zone));
    zones.set(zone, offsetsThere);
    return offsetsThere(seconds);
  }

  function dateOf(day: number): string {
    const date = dates.get(day) ?? new Date(day * daySeconds * 1000).toISOString().slice(0, 10);
    dates.set(day, date);
    return date;
  }

  function at(seconds: number, zone: string | null): LocalTime {
    const there = seconds + offsetSeconds(seconds, zone);
    const day = Math.floor(there / daySeconds);
    // The first day of UNIX time was a Thursday.
    return { date: dateOf(day), weekday: (day + 3) % 7, minutes: Math.floor((there - day * daySeconds) / 60) };
  }

  return { at, offsetSeconds };
}

/** A look takes longer than all the rest: two are enough for a day on which clocks are not changed. */
function createOffsets(format: Intl.DateTimeFormat): (seconds: number) => number {
  const known = new Map<number, number>();

  function look(seconds: number): number {
    const offset = known.get(seconds) ?? readOffset(format, seconds);
    known.set(seconds, offset);
    return offset;
  }

  return function offsetSeconds(seconds) {
    const midnight = seconds - (seconds % daySeconds);
    const offset = look(midnight);
    if (offset === look(midnight + daySeconds)) return offset;
    // They are changed at a quarter of an hour.
    return look(seconds - (seconds % quarterSeconds));
  };
}

function offsetFormat(zone: string | null): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat("en", { timeZoneName: "longOffset", ...(zone !== null && { timeZone: zone }) });
  } catch {
    return offsetFormat(null);
  }
}

/** From `GMT-03:30`; `GMT` alone adds nothing. */
function readOffset(format: Intl.DateTimeFormat, seconds: number): number {
  const name = format.formatToParts(seconds * 1000).find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign, hours, minutes] = /^GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  if (sign === undefined) return 0;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}
