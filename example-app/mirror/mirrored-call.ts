import type { Call, WebhookCall } from "express-aircall";

/** A call as the board keeps it: what it shows, and nothing else. Moments are UNIX seconds. */
export interface MirroredCall {
  readonly id: number;
  readonly direction: "inbound" | "outbound";
  /** `initial` while it rings, `answered` while somebody talks, `done` when it is over. */
  readonly status: "initial" | "answered" | "done";
  /** The other party in E.164; null when they withheld their number. */
  readonly number: string | null;
  /** The same as Aircall writes it, with blanks. */
  readonly digits: string | null;
  /** Who they are, as far as Aircall's contacts know. */
  readonly name: string | null;
  /** The company's own number that was rung, or from which somebody rang. */
  readonly line: Line | null;
  /** Who took or made the call, or whom it rings at. */
  readonly agent: Named | null;
  /** Whom somebody gave it to. */
  readonly assignedTo: Named | null;
  readonly teams: readonly Named[];
  readonly startedAt: number;
  /** Null where nobody picked up, in or out. */
  readonly answeredAt: number | null;
  /** Null while it goes on. */
  readonly endedAt: number | null;
  /** Why it was missed, in Aircall's words. */
  readonly missedReason: string | null;
  readonly voicemail: boolean;
  /** How many comments it has. */
  readonly comments: number;
  readonly tags: readonly string[];
  readonly archived: boolean;
  /** When Aircall said all this. */
  readonly seenAt: number;
}

/** Somebody or something that has a name at Aircall. */
export interface Named {
  readonly id: number;
  readonly name: string;
}

export interface Line extends Named {
  /** IANA name; null where Aircall did not say. */
  readonly timeZone: string | null;
}

/** What is kept of a call, as a list shows it or as an event tells of it. */
export function mirrorCall(call: Call | WebhookCall, seenAt: number): MirroredCall {
  const { number: line } = call;
  return {
    id: call.id,
    direction: call.direction === "outbound" ? "outbound" : "inbound",
    status: statusOf(call),
    number: inE164(call.raw_digits),
    digits: inE164(call.raw_digits) && call.raw_digits,
    name: nameOf(call),
    line: line ? { id: Number(line.id), name: line.name ?? "Unknown line", timeZone: line.time_zone ?? null } : null,
    agent: named(call.user),
    assignedTo: named(call.assigned_to),
    teams: (call.teams ?? []).flatMap((team) => named(team) ?? []),
    startedAt: call.started_at,
    answeredAt: call.answered_at,
    endedAt: call.ended_at,
    missedReason: call.missed_call_reason ?? null,
    voicemail: Boolean(call.voicemail),
    comments: call.comments?.length ?? 0,
    tags: (call.tags ?? []).map(({ name }) => name),
    archived: call.archived === true,
    seenAt,
  };
}

/** In E.164: Aircall writes numbers with blanks and dashes. Null when it was withheld. */
export function inE164(rawDigits: string | null | undefined): string | null {
  const digits = rawDigits?.replace(/\D/g, "");
  return digits ? `+${digits}` : null;
}

/** Rang in, is over, and nobody picked up. */
export function isMissed({ direction, status, answeredAt }: MirroredCall): boolean {
  return direction === "inbound" && status === "done" && answeredAt === null;
}

/** Aircall may add others, which are over for us. */
function statusOf({ status }: { status: string }): MirroredCall["status"] {
  return status === "initial" || status === "answered" ? status : "done";
}

/** A person, with their company if both are known. */
function nameOf({ contact }: Pick<Call | WebhookCall, "contact">): string | null {
  const person = [contact?.first_name, contact?.last_name].filter(Boolean).join(" ");
  return [person, contact?.company_name].filter(Boolean).join(", ") || null;
}

function named(one: { id?: number | string; name?: string | null } | null | undefined): Named | null {
  return one?.id === undefined ? null : { id: Number(one.id), name: one.name ?? "Somebody" };
}
