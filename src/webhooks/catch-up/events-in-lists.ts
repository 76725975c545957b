import type { Call } from "../../resources/call";
import type { Contact } from "../../resources/contacts";

/** An event that a list proves to have happened. */
export interface Found {
  readonly name: string;
  readonly resource: string;
  /** When it happened, epoch milliseconds. */
  readonly at: number;
  /** The call or contact, in the shape of a webhook's `data`. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** The events that can be found in a list of calls, in the order in which they happen. */
export const eventsOfCalls = ["call.created", "call.answered", "call.hungup", "call.ended", "call.voicemail_left"];
export const eventsOfContacts = ["contact.created", "contact.updated"];

/** What has happened to a call by now, as far as its present state says so. */
export function inCall(call: Call): Found[] {
  const { started_at: startedAt, answered_at: answeredAt, ended_at: endedAt, voicemail } = call;
  const data = callData(call);
  const found = (name: string, seconds: number) => ({ name, resource: "call", at: seconds * 1_000, data });
  return [
    found("call.created", startedAt),
    ...(answeredAt === null ? [] : [found("call.answered", answeredAt)]),
    ...(endedAt === null ? [] : [found("call.hungup", endedAt), found("call.ended", endedAt)]),
    ...(endedAt === null || !voicemail ? [] : [found("call.voicemail_left", endedAt)]),
  ];
}

/** What has happened to a contact by now; of its changes, a list shows the last one only. */
export function inContact(contact: Contact): Found[] {
  const { created_at: created, updated_at: updated } = contact;
  const [createdAt, updatedAt] = [momentOf(created), momentOf(updated)];
  const found = (name: string, at: number) => ({ name, resource: "contact", at, data: { ...contact } });
  return [
    ...(createdAt === null ? [] : [found("contact.created", createdAt)]),
    ...(updatedAt === null || updatedAt === createdAt ? [] : [found("contact.updated", updatedAt)]),
  ];
}

/** Fields that are null in lists, and missing in webhooks. */
const leftOut: ReadonlySet<string> = new Set([
  ...["user", "contact", "assigned_to", "transferred_by", "transferred_to", "external_transferred_to"],
  ...["external_caller_number", "automatic_callback_call_id"],
]);

function callData({ sid, conference_participants: people, ...call }: Call): Record<string, unknown> {
  const known = Object.entries(call).filter(([name, value]) => !(leftOut.has(name) && value === null));
  return {
    ...(sid !== undefined && { call_uuid: sid }),
    ...(people !== undefined && { participants: people }),
    ...Object.fromEntries(known),
  };
}

/** Epoch milliseconds, of UNIX seconds or ISO 8601 text; null for neither. */
function momentOf(value: unknown): number | null {
  const ms = typeof value === "number" ? value * 1_000 : typeof value === "string" ? Date.parse(value) : NaN;
  return Number.isFinite(ms) ? ms : null;
}
