import type { MirroredCall } from "../mirror/mirrored-call";
import { reasonOf } from "../words";
import { cityOf, clockAt, lengthWords } from "./clock";
import { doneReasons } from "./notes";
import type { Row } from "./page";

/** A row as it is read. */
export interface RowWords {
  readonly id: string;
  readonly name: string;
  /** Null where the name is the number. */
  readonly digits: string | null;
  /** UNIX seconds, from which the age counts; null where nobody waits any more. */
  readonly since: number | null;
  readonly age: string;
  /** UNIX seconds; null where that never is. */
  readonly overdueAt: number | null;
  readonly overdue: boolean;
  readonly when: string;
  readonly attempts: string;
  readonly line: string;
  readonly why: string;
  /** What became of it so far; empty where nothing did. */
  readonly outcome: string;
  readonly taken: { readonly id: number; readonly name: string; readonly since: string } | null;
}

/** `zone` is that of the page; moments on a line elsewhere say where. */
export function rowWords(row: Row, zone: string | null, nowMs = Date.now()): RowWords {
  const { key, name, latest, missed, take, overdueAt } = row;
  const lineZone = latest.line?.timeZone ?? null;
  const at = (seconds: number) => moment(seconds, lineZone, zone);
  const digits = row.number === null ? "Number withheld" : (latest.digits ?? row.number);
  const waits = row.tab !== "reached" && row.tab !== "done";
  const now = Math.floor(nowMs / 1000);
  return {
    id: `${row.number === null ? "call" : "caller"}-${key.replace(/\D/g, "")}`,
    name: name ?? digits,
    digits: name === null ? null : digits,
    since: waits ? missed[0].startedAt : null,
    age: waits ? lengthWords(now - missed[0].startedAt) : "",
    overdueAt,
    overdue: overdueAt !== null && now > overdueAt,
    when: at(missed.length === 1 ? latest.startedAt : missed[0].startedAt),
    attempts: attemptsOf(row, lineZone, at),
    line: latest.line?.name ?? "Unknown line",
    why: reasonOf({ missed_call_reason: latest.missedReason }),
    outcome: outcomeOf(row, at),
    taken: take && { ...take.by, since: at(take.at) },
  };
}

/** The zone of most lines, which is the page's. */
export function zoneOf(calls: readonly MirroredCall[]): string | null {
  return calls.findLast(({ line }) => line?.timeZone)?.line?.timeZone ?? null;
}

function attemptsOf({ missed, latest }: Row, zone: string | null, at: (seconds: number) => string): string {
  if (missed.length === 1) return "";
  const sameDay = clockAt(zone).day(missed[0].startedAt) === clockAt(zone).day(latest.startedAt);
  const last = sameDay ? clockAt(zone).time(latest.startedAt) : at(latest.startedAt);
  // Beside the day of the first, a time alone would be taken for one of that day.
  const isToday = !sameDay && /^\d/.test(last);
  return `${missed.length} attempts, last ${isToday ? `today ${last}` : inSentence(last)}`;
}

/** `at 14:05`, `yesterday 14:05`, `Fri 27 Nov 14:05` */
function inSentence(moment: string): string {
  return /^\d/.test(moment) ? `at ${moment}` : moment.replace(/^Yesterday/, "yesterday");
}

function moment(seconds: number, lineZone: string | null, zone: string | null): string {
  const clock = clockAt(lineZone);
  const day = clock.day(seconds);
  const time = day === "Today" ? clock.time(seconds) : `${day} ${clock.time(seconds)}`;
  return lineZone === null || lineZone === zone ? time : `${time} ${cityOf(lineZone)}`;
}

function outcomeOf(row: Row, at: (seconds: number) => string): string {
  const { tab, tries, reached } = row;
  const when = (seconds: number) => inSentence(at(seconds));
  if (tab === "reached" && reached) {
    const how = reached.direction === "outbound" ? "Called back" : "Got through";
    return `${how} ${when(reached.startedAt)}${reached.agent ? ` · ${reached.agent.name}` : ""}`;
  }
  if (tab === "done") return doneWords(row, when);
  const last = tries.at(-1);
  if (!last) return "";
  const who = last.agent ? ` by ${last.agent.name}` : "";
  return `${tries.length === 1 ? "Tried" : `Tried ${tries.length} times, last`} ${when(last.startedAt)}${who}, no answer`;
}

function doneWords({ doneBy }: Row, when: (seconds: number) => string): string {
  if (!doneBy) return "Archived at Aircall";
  const who = doneBy.by ? `${doneBy.by.name}, ` : "";
  return `${doneReasons[doneBy.reason]} · ${who}${when(doneBy.at)}`;
}
