/** As people write them, and as addresses do: `+1 (555) 555-0142`, `%2B1+555%20555-0142`. */
const phoneNumber = /\+?\d(?:(?:[\s()+./-]|%[\da-f]{2}){0,3}\d){6,}/gi;

/**
 * Text from outside, made fit for an error or a log: secrets and phone numbers masked, control characters shown as
 * `\u000a`, at most 300 characters.
 */
export function cleanText(text: string, secrets: readonly string[] = []): string {
  const withoutSecrets = secrets.reduce((rest, secret) => (secret ? rest.replaceAll(secret, "[secret]") : rest), text);
  const masked = withoutSecrets.replace(phoneNumber, "[number]");
  // oxlint-disable-next-line no-control-regex -- finding them is the point
  const oneLine = masked.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, escapeCharacter);
  // Cutting comes last: half a phone number would go unnoticed.
  return oneLine.slice(0, 300);
}

/** The phone numbers in a text, as they stand there. */
export function phoneNumbersIn(text: string): string[] {
  return text.match(phoneNumber) ?? [];
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
