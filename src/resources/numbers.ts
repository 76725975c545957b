import type { NestedUser } from "./users";
import type { Open } from "./wire";

/** One of the company's phone numbers. */
export interface AircallNumber {
  id: number;
  direct_link: string;
  name: string;
  /** For display, e.g. `+33 1 99 00 12 34`. */
  digits: string;
  /** In webhooks only. */
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
  /** 1 is routed first. */
  priority: number | null;
  users?: NestedUser[];
  messages?: NumberMessages | null;
  flow_editor_enabled?: boolean;
}

/** What callers hear; each a URL of an audio file. */
export interface NumberMessages {
  welcome?: string | null;
  /** Music on hold. */
  waiting?: string | null;
  ringing_tone?: string | null;
  ivr?: string | null;
  voicemail?: string | null;
  after_hours?: string | null;
  /** @deprecated by Aircall. */
  unanswered_call?: string | null;
  /** @deprecated by Aircall. */
  closed?: string | null;
  /** @deprecated by Aircall. */
  callback_later?: string | null;
}
