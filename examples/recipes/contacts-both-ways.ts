import type { AircallClient, Contact, EventHandlers, WebhookContact } from "express-aircall";

/** Somebody that both know, by one number in E.164. */
export interface Person {
  readonly phone: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
}

interface Crm {
  findByPhone(phone: string): Promise<Person | null>;
  save(person: Person): Promise<void>;
}

/** Called when somebody changes in the CRM. Makes no second contact for a number, in however many processes. */
export function toAircall(client: AircallClient, { phone, first_name, last_name }: Person): Promise<Contact> {
  return client.contacts.upsertByPhone(phone, { first_name: first_name ?? "", last_name: last_name ?? "" });
}

/** What changes at Aircall comes to the CRM; the echo of what the CRM itself has said ends here. */
export function fromAircall(crm: Crm): EventHandlers {
  const pull = async ({ data: { first_name, last_name, phone_numbers } }: { data: WebhookContact }) => {
    const [phone] = phone_numbers.map(({ value }) => `+${value.replace(/\D/g, "")}`);
    if (phone === undefined) return;
    const known = await crm.findByPhone(phone);
    if (known?.first_name === first_name && known?.last_name === last_name) return;
    await crm.save({ phone, first_name, last_name });
  };
  return { "contact.created": pull, "contact.updated": pull };
}
