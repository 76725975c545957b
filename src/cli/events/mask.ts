import { fields } from "../../config/fields";

/** Names of fields that hold a phone number, with or without its plus sign. */
const numbers =
  /^(raw_digits|digits|e164_digits|participants|aircall_number|phone_number|value|to|from)$|external_.*(to|number)$/;
const inText = /\+\d[\d\s().-]{5,}\d/g;

/** A copy with 0 for every digit of a phone number but its last two; of numbers within texts, too. */
export function maskNumbers(value: unknown, key = ""): unknown {
  if (typeof value === "string") return numbers.test(key) ? masked(value) : value.replace(inText, masked);
  if (Array.isArray(value)) return value.map((one: unknown) => maskNumbers(one, key));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(fields(value)).map(([name, one]) => [name, maskNumbers(one, name)]));
}

/** A text with fewer than five digits stays: e-mail addresses stand where numbers do. */
function masked(text: string): string {
  const digits = text.replace(/\D/g, "").length;
  let left = digits;
  return digits < 5 ? text : text.replace(/\d/g, (digit) => (left-- > 2 ? "0" : digit));
}
