import { webhookEvents, type WebhookEvent } from "../data/webhooks";

interface Enveloped {
  /** UNIX milliseconds. */
  readonly at: number;
  readonly token: string;
  readonly data: object;
  readonly milliseconds: boolean;
}

/** Resources whose events have a name of their own. */
const resources: Readonly<Record<string, string>> = {
  group_message: "message",
  transcription: "conversation_intelligence",
  summary: "conversation_intelligence",
  topics: "conversation_intelligence",
  sentiment: "conversation_intelligence",
  action_item: "conversation_intelligence",
  playbook_result: "conversation_intelligence",
  realtime_transcription: "conversation_intelligence",
  custom_summary: "conversation_intelligence",
  call_evaluation: "conversation_intelligence",
};

/** What a webhook is sent; `timestamp` in UNIX seconds, unless milliseconds are asked for. */
export function envelope(event: WebhookEvent, { at, token, data, milliseconds }: Enveloped): object {
  const [kind = ""] = event.split(".");
  const timestamp = milliseconds ? at : Math.floor(at / 1000);
  return { resource: resources[kind] ?? kind, event, timestamp, token, data };
}

/** What the address of a number is sent, always in milliseconds. */
export function callbackEnvelope(event: WebhookEvent, { at, token, data }: Enveloped): object {
  return { event_name: callbackName(event), timestamp: at, token, data };
}

export function callbackName(event: WebhookEvent): string {
  return event === "message.status_updated" ? "message.updated" : event;
}

/** Whether webhooks for these events are for every event there is, and this is one that nobody has documented. */
export function isForAll(events: readonly WebhookEvent[], event: WebhookEvent): boolean {
  return !webhookEvents.includes(event) && webhookEvents.every((known) => events.includes(known));
}
