import type { MirroredCall } from "../mirror/mirrored-call";
import { reasonOf } from "../words";
import { cityOf, clockAt, lengthWords } from "./clock";
import { doneReasons, type Take } from "./notes";
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
  /** Who is on it, since when, and whether they have called. */
  readonly taken: { readonly id: number; readonly name: string; readonly since: string; readonly calls: string } | null;
}

/** `zone` is that of the page; moments on a line elsewhere say where. */
export function rowWords(row: Row, zone: string | null, nowMs = Date.now()): RowWords {
  const { key, name, latest, missed, take, overdueAt } = row;
  const [first] = missed;
  const at = (seconds: number, call: MirroredCall = latest) => moment(seconds, zoneOfLine(call), zone);
  const digits = row.number === null ? "Number withheld" : (latest.digits ?? row.number);
  const waits = row.tab !== "reached" && row.tab !== "done";
  const now = Math.floor(nowMs / 1000);
  return {
    id: `${row.number === null ? "call" : "caller"}-${key.replace(/\D/g, "")}`,
    name: name ?? digits,
    digits: name === null ? null : digits,
    since: waits ? first.startedAt : null,
    age: waits ? lengthWords(now - first.startedAt) : "",
    overdueAt,
    overdue: overdueAt !== null && now > overdueAt,
    when: at(first.startedAt, first),
    attempts: attemptsOf(row, at),
    line: nameOfLine(first),
    why: reasonOf({ missed_call_reason: latest.missedReason }),
    outcome: outcomeOf(row, at),
    taken: take && { ...take.by, since: at(take.at), calls: callsOf(row, take) },
  };
}

/** Empty where they tried, which the outcome says. */
function callsOf({ calling, tries }: Row, { at }: Take): string {
  if (calling) return "calling now";
  return tries.some(({ startedAt }) => startedAt >= at) ? "" : "not called yet";
}

/** The zone of most lines, which is the page's. */
export function zoneOf(calls: readonly MirroredCall[]): string | null {
  return calls.findLast(({ line }) => line?.timeZone)?.line?.timeZone ?? null;
}

/** Reads a moment by the clock of the line of a call; by default that of the latest missed one. */
type At = (seconds: number, call?: MirroredCall) => string;

function attemptsOf({ missed, latest }: Row, at: At): string {
  if (missed.length === 1) return "";
  const [first] = missed;
  const isElsewhere = nameOfLine(first) !== nameOfLine(latest);
  const clock = clockAt(zoneOfLine(latest));
  const sameDay = clock.day(first.startedAt) === clock.day(latest.startedAt);
  // By the same clock as the moment of the first, which stands beside it.
  const last =
    sameDay && zoneOfLine(first) === zoneOfLine(latest) ? clock.time(latest.startedAt) : at(latest.startedAt);
  // Beside the day of the first, a time alone would be taken for one of that day.
  const isToday = !sameDay && /^\d/.test(last);
  const when = isToday ? `today ${last}` : inSentence(last);
  return `Rang ${timesWords(missed.length)}, last ${when}${isElsewhere ? ` on ${nameOfLine(latest)}` : ""}`;
}

function timesWords(count: number): string {
  return count === 2 ? "twice" : `${count} times`;
}

function zoneOfLine({ line }: MirroredCall): string | null {
  return line?.timeZone ?? null;
}

function nameOfLine({ line }: MirroredCall): string {
  return line?.name ?? "Unknown line";
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

function outcomeOf(row: Row, at: At): string {
  const { tab, tries, reached, takenBefore } = row;
  const when: At = (seconds, call) => inSentence(at(seconds, call));
  if (tab === "reached" && reached) {
    const how = reached.direction === "outbound" ? "Called back" : "Rang again and got through";
    const { agent } = reached;
    const was = takenBefore && takenBefore.by.id !== agent?.id ? `, was with ${takenBefore.by.name}` : "";
    return `${how} ${when(reached.startedAt, reached)}${agent ? ` · ${agent.name}` : ""}${was}`;
  }
  if (tab === "done") return doneWords(row, when);
  const last = tries.at(-1);
  if (!last) return "";
  const who = last.agent ? ` by ${last.agent.name}` : "";
  return `${tries.length === 1 ? "Tried" : `Tried ${timesWords(tries.length)}, last`} ${when(last.startedAt, last)}${who}, no answer`;
}

function doneWords({ doneBy }: Row, when: At): string {
  if (!doneBy) return "Archived at Aircall";
  const who = doneBy.by ? `${doneBy.by.name}, ` : "";
  return `${doneReasons[doneBy.reason]} · ${who}${when(doneBy.at)}`;
}
