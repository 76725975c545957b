import { cleanText } from "../errors/clean-text";
import { propertyOf } from "../errors/property";

/** Name and message of what a handler failed with, phone numbers masked: errors of an app's own may say anything. */
export function describeFailure(error: unknown): string {
  const [name, message] = [propertyOf(error, "name"), propertyOf(error, "message")];
  const text = [name, message ?? (typeof error === "string" ? error : undefined)].filter(
    (part) => typeof part === "string",
  );
  return cleanText(text.join(": ") || "no details");
}
