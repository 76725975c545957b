import {
  aircallWebhooks,
  type AircallAuth,
  type AircallEvent,
  type AircallWebhooks,
  type EventCompany,
  type EventHandlers,
  type WebhookCall,
} from "express-aircall";
import { noteAgent, userEvents, type UserEvent } from "./agents";
import type { BoardCompany } from "./company";
import type { Mirror } from "./mirror";
import { mirrorCall } from "./mirrored-call";

export interface EventsParts {
  readonly auth: AircallAuth;
  readonly mirror: Mirror;
  /** Where Aircall reaches this board, absolute; null where it cannot, so that its lists are looked at each minute. */
  readonly url: string | null;
  readonly companyOf: (event: EventCompany) => BoardCompany;
  readonly log: (error: unknown) => void;
}

/** Keeps the mirror by what Aircall tells. */
export function keepByEvents({ auth, mirror, url, companyOf, log }: EventsParts): AircallWebhooks {
  /** Each event says all of its call, so that one may come twice, late or never. */
  async function keepCall(
    event: EventCompany & { readonly data: WebhookCall; readonly timestamp: Date },
  ): Promise<void> {
    const company = companyOf(event);
    await mirror.open(company);
    await mirror.put(company.key, [mirrorCall(event.data, Math.floor(event.timestamp.getTime() / 1000))]);
  }

  async function keepAgent(event: AircallEvent<UserEvent>): Promise<void> {
    const company = companyOf(event);
    await mirror.open(company);
    await noteAgent(mirror, company.key, event);
  }

  const calls = Object.fromEntries(callEvents.map((name) => [name, keepCall])) as EventHandlers;
  const users = Object.fromEntries(userEvents.map((name) => [name, keepAgent])) as EventHandlers;
  const from = url === null ? { source: "poll" as const } : { url };
  return aircallWebhooks({ auth, ...from, on: { ...calls, ...users }, onError: (error) => log(error) });
}

const callEvents = [
  ...(["call.created", "call.ringing_on_agent", "call.answered", "call.transferred", "call.hungup"] as const),
  ...(["call.ended", "call.voicemail_left", "call.comm_assets_generated", "call.assigned"] as const),
  ...(["call.archived", "call.tagged", "call.untagged", "call.commented"] as const),
] satisfies (keyof EventHandlers)[];
