import { randomUUID } from "node:crypto";
import type { Company } from "../../data/company";
import type { Contact, PhoneNumber } from "../../data/entities";
import type { Happening } from "../../data/happening";
import { nextId } from "../../data/ids";
import { groupMessageOf, messageOf, receivedMessage } from "../../data/messages";
import type { WebhookEvent } from "../../data/webhooks";

/** A contact that has just been created, changed or deleted. */
export function contactSample(company: Company, event: WebhookEvent, now: number): Contact {
  const seconds = Math.floor(now / 1000);
  const [known] = company.contacts;
  if (known && event === "contact.updated") return Object.assign(known, { updated_at: seconds });
  const id = nextId(company);
  const contact: Contact = {
    id,
    direct_link: `/v1/contacts/${id}`,
    first_name: "Robin",
    last_name: "Ashby",
    company_name: null,
    information: null,
    is_shared: true,
    created_at: seconds,
    updated_at: seconds,
    phone_numbers: [{ id: nextId(company), label: "Work", value: "+44 7700 900142" }],
    emails: [],
  };
  if (event === "contact.created") company.contacts.push(contact);
  return contact;
}

/** A message of this moment, at the company's first number in native mode, or at the first of all. */
export function messageSample(company: Company, event: WebhookEvent, now: number): Happening {
  const line = nativeLineOf(company);
  const [kind, name] = event.split(".");
  const incoming = name === "received";
  const facts = receivedMessage(company, now);
  const status = name === "sent" ? "sent" : incoming ? "received" : "delivered";
  const direction = incoming ? "inbound" : "outbound";
  if (kind === "message") return { event, message: messageOf(company, line, { ...facts, direction, status }), line };
  const participants = [facts.digits, "+44 7700 900143"];
  const group = { ...facts, direction, status, participants, conversationId: randomUUID() } as const;
  const { channel: _, digits: __, agentId: ___, ...given } = group;
  return { event, message: groupMessageOf(line, given), line };
}

function nativeLineOf({ numbers, messaging }: Company): PhoneNumber {
  return numbers.find(({ id }) => !messaging.configurations.has(id)) ?? numbers[0]!;
}
