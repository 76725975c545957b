import type { Company } from "../company";

/** Who may call a company: whoever it knows. */
export function callersOf({ contacts }: Company): string[] {
  const digits = contacts.flatMap((contact) => contact.phone_numbers[0]?.value ?? []);
  return digits.length > 0 ? digits : ["anonymous"];
}
