import type { Call } from "express-aircall";

/** Moments as the people on one line of the company read them. */
export interface Clock {
  /** E.g. `Europe/London`. */
  readonly zone: string;
  /** `14:05` */
  time(seconds: number): string;
  /** `Today`, `Yesterday` or `Friday 20 November`; in short `Fri 20 Nov`. */
  day(seconds: number, length?: "long" | "short"): string;
}

const dayMs = 86_400_000;

/** In the time zone of the latest call's line; where that is not known, in this server's. */
export function createClock(calls: readonly Call[], { now = Date.now } = {}): Clock {
  const line = calls.findLast((call) => call.number?.time_zone)?.number;
  const zone = line?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const times = new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeStyle: "short" });
  const days = {
    long: new Intl.DateTimeFormat("en-GB", { timeZone: zone, weekday: "long", day: "numeric", month: "long" }),
    short: new Intl.DateTimeFormat("en-GB", { timeZone: zone, weekday: "short", day: "numeric", month: "short" }),
  };

  return {
    zone: zone.replaceAll("_", " "),
    time: (seconds) => times.format(seconds * 1000),
    day(seconds, length = "long") {
      const day = days[length].format(seconds * 1000);
      if (day === days[length].format(now())) return "Today";
      return day === days[length].format(now() - dayMs) ? "Yesterday" : day;
    },
  };
}

const reasons: Readonly<Record<string, string>> = {
  out_of_opening_hours: "Outside opening hours",
  short_abandoned: "Hung up within seconds",
  abandoned_in_ivr: "Hung up in the menu",
  abandoned_in_classic: "Hung up while waiting",
  no_available_agent: "Nobody was available",
  agents_did_not_answer: "Nobody picked up",
};

/** Why a call was missed; Aircall may add reasons. */
export function reasonOf({ missed_call_reason }: Pick<Call, "missed_call_reason">): string {
  return reasons[missed_call_reason ?? ""] ?? "Not answered";
}

/** Who rang, as far as Aircall's contacts know: a person, with their company if both are known. */
export function nameOf({ contact }: Call): string | null {
  const person = [contact?.first_name, contact?.last_name].filter(Boolean).join(" ");
  return [person, contact?.company_name].filter(Boolean).join(", ") || null;
}
