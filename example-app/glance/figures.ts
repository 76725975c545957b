import { isMissed, type MirroredCall } from "../mirror/mirrored-call";
import { findWaits, type Wait } from "./call-backs";
import { isOpen, nextOpening, type OpeningHours } from "./opening-hours";
import { dayOf, lastDays, zoneOf } from "./period";
import { byAgent, byLine, type AgentFigures, type LineFigures } from "./shares";
import { emptyTally, type CallKind, type Tally } from "./tally";
import { waitFigures, type WaitFigures, type WaitLength } from "./wait-figures";
import type { Zones } from "./zones";

export interface GlanceChoice {
  /** `2026-11-30`; null is all seven days. */
  readonly day: string | null;
  /** A line's id; null is all lines. */
  readonly line: number | null;
}

/** What the page shows. */
export interface Figures {
  /** Oldest first, seven of them, whatever day was chosen. */
  readonly days: readonly (Tally & { readonly date: string })[];
  /** Of the chosen time, from midnight to midnight by each line's own clock. */
  readonly hours: readonly Tally[];
  readonly total: Tally;
  readonly waits: WaitFigures;
  readonly lines: readonly LineFigures[];
  readonly agents: readonly AgentFigures[];
}

interface FiguresParts {
  readonly hours: OpeningHours | null;
  readonly zones: Zones;
  /** UNIX seconds. */
  readonly now: number;
}

/** The figures of the calls (oldest first) of the chosen time and line. */
export function figuresOf(calls: readonly MirroredCall[], choice: GlanceChoice, parts: FiguresParts): Figures {
  const { zones, now } = parts;
  const dates = lastDays(calls, now, zones);
  const ofLine = calls.filter(({ line }) => choice.line === null || line?.id === choice.line);
  const chosen = ({ date }: { date: string }) => (choice.day === null ? dates.includes(date) : date === choice.day);

  const counted = ofLine.flatMap((call) => {
    const kind = kindOf(call, parts);
    if (!kind) return [];
    const { date, minutes } = zones.at(call.startedAt, zoneOf(call));
    return [{ call, kind, date, hour: Math.floor(minutes / 60) }];
  });
  const days = dates.map((date) => ({ date, ...tallyOf(counted.filter((each) => each.date === date)) }));
  const shown = counted.filter(chosen);
  const hours = Array.from({ length: 24 }, (_, hour) => tallyOf(shown.filter((each) => each.hour === hour)));
  const waits = findWaits(calls)
    .filter(({ missed }) => choice.line === null || missed.line?.id === choice.line)
    .filter(({ missed }) => chosen({ date: dayOf(missed, zones) }))
    .map((wait) => ({ ...wait, seconds: secondsOf(wait, parts) }));

  return {
    days,
    hours,
    total: tallyOf(shown),
    waits: waitFigures(waits),
    lines: byLine(shown, waits),
    agents: byAgent(shown, waits),
  };
}

/** Null for calls that go on, and for those out. */
function kindOf(call: MirroredCall, { hours, zones }: FiguresParts): CallKind | null {
  if (call.direction === "outbound") return null;
  if (call.answeredAt !== null) return "answered";
  if (!isMissed(call)) return null;
  // Where nobody has set opening hours here, those at Aircall count.
  if (hours === null) return call.missedReason === "out_of_opening_hours" ? "closed" : "missed";
  return isOpen(hours, { seconds: call.startedAt, zone: zoneOf(call) }, zones) ? "missed" : "closed";
}

/** How long they waited while somebody was there; null while they wait. */
function secondsOf({ missed, reached }: Wait, { hours, zones }: FiguresParts): WaitLength["seconds"] {
  if (!reached) return null;
  const missedAt = missed.endedAt ?? missed.startedAt;
  const from = hours ? nextOpening(hours, { seconds: missedAt, zone: zoneOf(missed) }, zones) : missedAt;
  return Math.max(0, (reached.answeredAt ?? reached.startedAt) - (from ?? missedAt));
}

function tallyOf(calls: readonly { readonly kind: CallKind }[]): Tally {
  const tally = { ...emptyTally };
  for (const { kind } of calls) tally[kind] += 1;
  return tally;
}
