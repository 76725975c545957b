import type { AircallEventName, ParsedAircallEvent } from "express-aircall/webhooks";

declare const event: ParsedAircallEvent;

/** Only has to compile. */
export function describe(): string {
  switch (event.name) {
    case "call.ended":
      return `${event.data.id} ${event.data.user?.name} ${event.data.answered_at ?? "missed"}`;
    case "integration.deleted":
      // @ts-expect-error -- it has no id
      return `${event.data.company_id} ${event.data.id}`;
    case "message.received":
      // @ts-expect-error -- an id of a message is a text
      return event.data.id satisfies number;
    // @ts-expect-error -- there is no such event
    case "call.endded":
      return "";
    default:
      return event.id;
  }
}

// @ts-expect-error -- nobody may have taken the call: the key is missing then
export const takenBy = (ended: ParsedAircallEvent<"call.ended">): string => ended.data.user.name;
// @ts-expect-error -- there is no such event
export const misspelt: AircallEventName = "calls.ended";
