import { sendableJson } from "../api/answers";
import type { Company } from "../data/company";
import type { Happening, Tell } from "../data/happening";
import { nestedUser } from "../data/people";
import type { OwnedWebhook } from "../data/webhooks";
import { bodyOf } from "./bodies/body";
import type { BodyParts } from "./bodies/style";
import type { Delivery, DeliveryBook } from "./delivery";
import { callbackEnvelope, callbackName, envelope, isForAll } from "./envelope";
import type { WebhookSettings } from "./options";
import type { Sender } from "./sender";

export interface Announcer {
  readonly tell: Tell;
  /** As `tell`, for who waits until each was tried for the first time, or wants to know what was sent. */
  readonly announce: (company: Company, happening: Happening) => Announced;
  /** Sends the same body once more. Returns whether there was such a delivery. */
  readonly sendAgain: (id: number) => boolean;
}

export interface Announced {
  readonly ids: readonly number[];
  readonly tried: Promise<unknown>;
}

interface Parts extends Pick<BodyParts, "known" | "assets" | "assetsAtEnd"> {
  readonly options: () => WebhookSettings;
  /** UNIX milliseconds. */
  readonly now: () => number;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  /** Where the simulator is, without a trailing slash. */
  readonly base: () => string;
  readonly book: DeliveryBook;
  readonly sender: Sender;
}

export function createAnnouncer(parts: Parts): Announcer {
  const { options, now, random, base, book, sender } = parts;

  function announce(company: Company, happening: Happening): Announced {
    const recipients = recipientsOf(company, happening);
    if (recipients.length === 0) return { ids: [], tried: Promise.resolve() };
    const { at = now(), event } = happening;
    const [user] = company.users;
    const style = options();
    const data = bodyOf(company, happening, { ...parts, style, firstUser: user ? nestedUser(user) : null });
    const sent = recipients.flatMap(({ owned, url, token }) => {
      const given = { at, token, data, milliseconds: style.milliseconds };
      const body = owned ? envelope(event, given) : callbackEnvelope(event, given);
      const json = sendableJson(body, base());
      const webhookId = owned?.webhook.webhook_id ?? null;
      const subject = `${webhookId ?? url} ${subjectOf(data)}`;
      const name = owned ? event : callbackName(event);
      const facts = { companyId: company.id, event: name, url, webhookId, at, owned, json, subject };
      return leave({ ...facts, body: JSON.parse(json) as Delivery["body"] });
    });
    return { ids: sent.map(({ id }) => id), tried: Promise.all(sent.map(({ tried }) => tried)) };
  }

  /** Sends once; or twice, later or never, as chance and the options have it. */
  function leave(facts: Parameters<DeliveryBook["enter"]>[0]): { id: number; tried: Promise<void> }[] {
    const { drop, duplicate, reorder, holdMs } = options();
    const times = facts.owned && random() < duplicate ? 2 : 1;
    return Array.from({ length: times }, () => {
      const sending = book.enter(facts);
      if (facts.owned && random() < drop) {
        sending.state = "dropped";
        return { id: sending.id, tried: Promise.resolve() };
      }
      const held = facts.owned !== null && random() < reorder;
      return { id: sending.id, tried: sender.send(sending, held ? { holdMs: random() * holdMs } : {}) };
    });
  }

  return {
    announce,
    tell: (company, happening) => void announce(company, happening),
    sendAgain(id) {
      const found = book.find(id);
      if (!found) return false;
      const { id: _, attempts: __, state: ___, ...facts } = found;
      void sender.send(book.enter({ ...facts, at: now() }));
      return true;
    },
  };
}

interface Recipient {
  readonly url: string;
  readonly token: string;
  /** Null for the address that a number's messages go to. */
  readonly owned: OwnedWebhook | null;
}

/** A number that is configured for it tells its own address of messages, and no webhook. */
function recipientsOf(company: Company, happening: Happening): readonly Recipient[] {
  const configuration = "message" in happening && company.messaging.configurations.get(happening.line.id);
  if (configuration) {
    const { callbackUrl, token } = configuration;
    const heard = ["message.received", "message.status_updated"].includes(happening.event);
    return callbackUrl !== null && heard ? [{ url: callbackUrl, token, owned: null }] : [];
  }
  return company.webhooks
    .filter((owned) => wants(owned, company, happening))
    .map((owned) => ({ url: owned.webhook.url, token: owned.webhook.token, owned }));
}

/** Whether a webhook wants an event: an app hears of the numbers it was given, and only an app of its own end. */
function wants({ webhook, madeByApp }: OwnedWebhook, company: Company, happening: Happening): boolean {
  const { event } = happening;
  if (!webhook.active || !(webhook.events.includes(event) || isForAll(webhook.events, event))) return false;
  if (!madeByApp) return event !== "integration.deleted";
  const calls = "call" in happening && event.startsWith("call.");
  return !calls || company.integration.number_ids.includes(happening.call.number.id);
}

function subjectOf(data: object): string {
  const { id, call_id } = data as { id?: number | string; call_id?: number | string };
  return String(call_id ?? id ?? "");
}
