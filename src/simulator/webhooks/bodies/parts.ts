import type { Contact, PhoneNumber } from "../../data/entities";
import { onlyDigits } from "../../data/phone-digits";
import type { BodyStyle } from "./style";

/** A number as webhooks have it: no recorded one has a `priority`. */
export function numberBody(number: Omit<PhoneNumber, "users">, { bare }: BodyStyle): object {
  const { users: _, priority: __, created_at, messages, ...others } = number as PhoneNumber;
  if (bare) return { ...others, messages: { ...messages, closed: null, callback_later: null } };
  return { ...others, created_at, messages, e164_digits: `+${onlyDigits(number.digits)}` };
}

/** A contact as webhooks have it: its dates are text by the documentation, integers in the bodies of 2022. */
export function contactBody(contact: Contact, { bare }: BodyStyle): object {
  if (bare) return contact;
  const { created_at, updated_at } = contact;
  return { ...contact, created_at: isoSeconds(created_at), updated_at: isoSeconds(updated_at) };
}

function isoSeconds(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}
