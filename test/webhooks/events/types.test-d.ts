import type { IncomingMessage, ServerResponse } from "node:http";
import express from "express";
import { aircallWebhooks, type AircallAuth, type EventHandlers } from "express-aircall";
import type { AircallEventName, ParsedAircallEvent } from "express-aircall/webhooks";

declare const auth: AircallAuth;

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

export const handlers: EventHandlers = {
  "call.ended": async (event) => {
    const client = await event.client();
    await client.calls.get(event.data.id, undefined, { signal: event.signal });
  },
  "call.voicemail_left": ({ data }) => data.voicemail,
  // @ts-expect-error -- the name is misspelt
  "call.endded": () => undefined,
};

export const wrongData: EventHandlers = {
  // @ts-expect-error -- a contact has no status
  "contact.created": ({ data: { status } }) => void status,
};

const url = "https://app.example.com/aircall/events";
// @ts-expect-error -- without auth nobody knows whose events they are
aircallWebhooks({ url, on: handlers });
// @ts-expect-error -- the option is onError
aircallWebhooks({ auth, url, on: handlers, onFailure: () => undefined });

/** With Express, and without it. */
export const app = express().use(auth, aircallWebhooks({ auth, url, on: handlers }));
export const plain: (req: IncomingMessage, res: ServerResponse, next: () => void) => void = aircallWebhooks({
  auth,
  url,
  on: handlers,
});
