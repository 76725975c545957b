import { randomUUID } from "node:crypto";
import type { Company } from "./company";
import type { Contact, PhoneNumber, User } from "./entities";
import { nestedUser } from "./people";
import { hasNumber, onlyDigits } from "./phone-digits";

/** A message, whichever way it goes. */
export interface MessageFacts {
  readonly id: string;
  readonly direction: "inbound" | "outbound";
  readonly channel: "sms" | "whatsapp";
  /** The other party's number. */
  readonly digits: string;
  readonly body: string | null;
  readonly mediaUrl: readonly string[];
  readonly status: string;
  /** UNIX milliseconds. */
  readonly at: number;
  readonly agentId: number | null;
}

/** A message as webhooks have it: who sent it from here is named, nobody where it came in. */
export function messageOf(company: Company, line: PhoneNumber, facts: MessageFacts): object {
  const { id, direction, channel, digits, body, mediaUrl, status, at, agentId } = facts;
  const { users: _, messages: __, ...number } = line;
  const moment = new Date(at).toISOString();
  const contact = company.contacts.find(({ phone_numbers }) => hasNumber(phone_numbers, digits));
  const sender = direction === "outbound" ? senderOf(company, agentId) : undefined;
  return {
    id,
    direct_link: `/v1/messages/${id}`,
    direction,
    external_number: `+${onlyDigits(digits)}`,
    raw_digits: onlyDigits(digits),
    body,
    status,
    channel: channel === "whatsapp" ? channel : null,
    media_url: mediaUrl,
    created_at: moment,
    sent_at: moment,
    updated_at: moment,
    number,
    contact: contact ? nameOf(contact) : null,
    ...(sender && { user: nestedUser(sender) }),
  };
}

export interface GroupFacts extends Pick<MessageFacts, "id" | "direction" | "body" | "mediaUrl" | "status" | "at"> {
  readonly conversationId: string;
  /** Their numbers. */
  readonly participants: readonly string[];
}

export function groupMessageOf({ users: _, messages: __, ...number }: PhoneNumber, facts: GroupFacts): object {
  const { id, conversationId, participants, mediaUrl, at, ...others } = facts;
  const moment = new Date(at).toISOString();
  return {
    id,
    group_conversation_id: conversationId,
    participants: participants.map(onlyDigits),
    ...others,
    media_url: mediaUrl,
    number,
    created_at: moment,
    sent_at: moment,
    updated_at: moment,
  };
}

/** One that came in just now from somebody the company knows. */
export function receivedMessage(company: Company, at: number): MessageFacts {
  const [contact] = company.contacts;
  return {
    id: randomUUID(),
    direction: "inbound",
    channel: "sms",
    digits: contact?.phone_numbers[0]?.value ?? "+44 7700 900000",
    body: "Could you call me back this afternoon?",
    mediaUrl: [],
    status: "received",
    at,
    agentId: null,
  };
}

function senderOf({ users }: Company, agentId: number | null): User | undefined {
  return users.find(({ id }) => id === agentId) ?? users[0];
}

function nameOf({ id, first_name, last_name, company_name }: Contact): object {
  return { id, first_name, last_name, company_name };
}
