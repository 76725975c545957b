import { randomBytes, randomUUID } from "node:crypto";
import { type Ids, nextId } from "./ids";

/** Where events are delivered, and which. */
export interface Webhook {
  readonly webhook_id: string;
  /** The older numeric id: answers to reads have it, those to writes do not. */
  readonly id: number;
  readonly direct_link: string;
  readonly created_at: string;
  url: string;
  active: boolean;
  readonly token: string;
  events: readonly WebhookEvent[];
}

/** With who made it: an app sees only its own, an API key only those of API keys. */
export interface OwnedWebhook {
  readonly webhook: Webhook;
  readonly madeByApp: boolean;
  /** Deliveries that failed one after the other, the latest included. */
  failures: number;
  /** Whether it is `active: false` because of failures, and not because somebody said so. */
  switchedOff: boolean;
  deleted: boolean;
}

/** Everything Aircall tells about. @see https://developers.aircall.io/api-references/#webhooks */
export const webhookEvents = [
  ...each("call", "created", "ringing_on_agent", "agent_declined", "answered", "transferred", "external_transferred"),
  ...each("call", "unsuccessful_transfer", "hungup", "ended", "hold", "unhold", "ivr_option_selected"),
  ...each("call", "comm_assets_generated", "voicemail_left", "assigned", "archived", "tagged", "untagged", "commented"),
  ...each("user", "created.v2", "deleted.v2", "connected.v2", "disconnected.v2", "opened.v2", "closed.v2"),
  ...each("user", "wut_start.v2", "wut_end.v2"),
  ...each("user", "created", "deleted", "connected", "disconnected", "opened", "closed", "wut_start", "wut_end"),
  ...each("number", "created", "opened", "closed", "deleted"),
  ...each("contact", "created", "updated", "deleted"),
  ...each("message", "sent", "received", "status_updated"),
  ...each("group_message", "sent", "received", "status_updated"),
  ...each("transcription", "created"),
  ...each("summary", "created"),
  ...each("topics", "created"),
  ...each("sentiment", "created"),
  ...each("action_item", "created"),
  ...each("playbook_result", "created", "updated"),
  ...each("realtime_transcription", "utterances_received"),
  ...each("custom_summary", "result_created", "result_updated"),
  ...each("call_evaluation", "created", "updated"),
  ...each("ai_voice_agent", "started", "ended", "escalated", "summary"),
  ...each("outbound_campaign", "outcome_recorded"),
  ...each("analytics", "report_created", "report_failed"),
  ...each("integration", "deleted"),
];

/** The name of an event, such as `call.ended`; others than `webhookEvents` may be sent too. */
export type WebhookEvent = `${string}.${string}`;

/** Who has webhooks, and ids for new ones. */
interface Subscriber {
  readonly webhooks: OwnedWebhook[];
  readonly ids: Ids;
}

type NewWebhook = Pick<Webhook, "url"> & Partial<Pick<Webhook, "events" | "token">>;

/** An app that names no events, or an empty list of them, gets them all. */
export function addWebhook(
  subscriber: Subscriber,
  { url, events = [], token = randomBytes(16).toString("hex") }: NewWebhook,
  { madeByApp, now }: { madeByApp: boolean; now: number },
): Webhook {
  const webhookId = randomUUID();
  const webhook: Webhook = {
    webhook_id: webhookId,
    id: nextId(subscriber),
    direct_link: `/v1/webhooks/${webhookId}`,
    created_at: new Date(now).toISOString(),
    url,
    active: true,
    token,
    events: events.length > 0 ? events : webhookEvents,
  };
  subscriber.webhooks.push({ webhook, madeByApp, failures: 0, switchedOff: false, deleted: false });
  return webhook;
}

/** What somebody does who has mended their receiver, or wants no more of it. */
export function switchWebhook(owned: OwnedWebhook, active: boolean): void {
  owned.webhook.active = active;
  owned.failures = 0;
  owned.switchedOff = false;
}

function each(resource: string, ...happenings: readonly string[]): WebhookEvent[] {
  return happenings.map((happening): WebhookEvent => `${resource}.${happening}`);
}
