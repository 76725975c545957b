import type { Envelope } from "./envelope";
import { own } from "./envelope";

/** Events that happen once to each call or contact: whatever comes again is the same event. */
const oncePerEntity: ReadonlySet<string> = new Set([
  ...["call.created", "call.answered", "call.hungup", "call.ended", "call.voicemail_left"],
  "contact.created",
]);

/** Fields that may name an event's entity: the first that is there does. */
const idNames = ["id", "call_id", "group_conversation_id", "ai_voice_agent_session_id", "integration_id"];

/** SHA-256 of a text, as hexadecimal digits. */
export type Sha256 = (text: string) => string | Promise<string>;

/**
 * What the same event has in all its deliveries, and no other event of the same company: name, entity and, for what can
 * happen again, a hash of what it says and when.
 */
export async function eventKey(event: Omit<Envelope, "token">, sha256: Sha256): Promise<string> {
  const { kind, name, data } = event;
  const id = idOf(data);
  if (id !== null && kind === "webhook") {
    if (oncePerEntity.has(name)) return `${name}/${id}`;
    const changed = name === "contact.updated" ? secondOf(own(data, "updated_at")) : null;
    if (changed !== null) return `${name}/${id}/${changed}`;
  }
  const hash = await sha256(JSON.stringify([kind, name, event.sentAt, data]));
  return [name, id, hash.slice(0, 32)].filter((part) => part !== null).join("/");
}

function idOf(data: Envelope["data"]): string | null {
  for (const name of idNames) {
    const id = plainId(own(data, name));
    if (id !== null) return id;
  }
  return null;
}

/** UNIX seconds, which Aircall also writes as ISO 8601 text; null for neither. */
function secondOf(value: unknown): string | null {
  const seconds = typeof value === "string" ? Math.floor(Date.parse(value) / 1_000) : value;
  return typeof seconds === "number" ? plainId(seconds) : null;
}

/** Null for what is too odd to stand in a key. */
function plainId(value: unknown): string | null {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : null;
  return typeof value === "string" && /^[\w.:+-]{1,100}$/.test(value) ? value : null;
}
