import type { Open } from "./open";

/** One of the company's phone numbers. */
export interface WebhookNumber {
  id: number;
  direct_link?: string;
  name: string;
  /** For display, e.g. `+33 1 99 00 12 34`. */
  digits: string;
  e164_digits?: string;
  /** ISO 8601, UTC. */
  created_at?: string;
  /** ISO 3166 alpha-2. */
  country: string;
  /** IANA name. */
  time_zone: string;
  /** @deprecated by Aircall; see `availability_status`. */
  open?: boolean;
  availability_status: Open<"open" | "custom" | "closed">;
  /** @deprecated by Aircall. */
  is_ivr?: boolean;
  live_recording_activated: boolean;
  /** 1 is routed first. In no recorded body. */
  priority?: number | null;
  /** What callers hear, by name; each a URL of an audio file. */
  messages?: Record<string, string | null> | null;
  flow_editor_enabled?: boolean;
}

export interface NumberEvents {
  "number.created": WebhookNumber;
  /** The number enters its opening hours. */
  "number.opened": WebhookNumber;
  /** The number leaves its opening hours. */
  "number.closed": WebhookNumber;
  "number.deleted": WebhookNumber;
}
