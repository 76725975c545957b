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

/** Reads clocks in time zones. Remembers what it has read, so make one for each page. */
export function createZones(): Zones {
  const formats = new Map<string | null, Intl.DateTimeFormat>();
  const offsets = new Map<string, number>();

  function formatOf(zone: string | null): Intl.DateTimeFormat {
    const format = formats.get(zone) ?? offsetFormat(zone);
    formats.set(zone, format);
    return format;
  }

  /** Clocks are changed at a quarter of an hour, so one look for each is enough: a look takes longer than all the rest. */
  function offsetSeconds(seconds: number, zone: string | null): number {
    const quarter = Math.floor(seconds / quarterSeconds);
    const key = `${quarter} ${zone}`;
    const offset = offsets.get(key) ?? readOffset(formatOf(zone), quarter * quarterSeconds);
    offsets.set(key, offset);
    return offset;
  }

  function at(seconds: number, zone: string | null): LocalTime {
    const there = new Date((seconds + offsetSeconds(seconds, zone)) * 1000);
    return {
      date: there.toISOString().slice(0, 10),
      weekday: (there.getUTCDay() + 6) % 7,
      minutes: there.getUTCHours() * 60 + there.getUTCMinutes(),
    };
  }

  return { at, offsetSeconds };
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
