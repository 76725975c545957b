import type { WebhookContact } from "./contact";
import type { WebhookNumber } from "./number";
import type { Abridged, Open } from "./open";
import type { WebhookNestedUser } from "./user";

/** A text message of a number that is used in Aircall's apps. Moments are ISO 8601 text, or UNIX milliseconds. */
export interface WebhookMessage {
  id: string;
  direct_link?: string;
  direction: Open<"inbound" | "outbound">;
  external_number?: string;
  /** The other party's number, without the `+`. */
  raw_digits?: string;
  body?: string | null;
  status: Open<"pending" | "sent" | "delivered" | "failed" | "received" | "read">;
  /** Null for SMS and MMS. */
  channel?: Open<"whatsapp"> | null;
  /** Media come here or in `media_details`. */
  media_url?: string[] | null;
  media_details?: WebhookMedia[];
  created_at?: string | number;
  sent_at?: string | number | null;
  updated_at?: string | number | null;
  number?: Abridged<WebhookNumber> | null;
  contact?: Abridged<WebhookContact> | null;
  /** Who sent it; missing in `message.received`. */
  user?: WebhookNestedUser | null;
  template_content?: string | null;
  type?: string | null;
  metadata?: string | null;
  parent_id?: string | null;
  whatsapp_message_category?: Open<"marketing" | "utility" | "authentication"> | null;
  whatsapp_message_type?: Open<"regular" | "free_entry_point" | "free_customer_service"> | null;
  recipient_country?: string | null;
}

/** A file that came with a message. */
export interface WebhookMedia {
  file_name: string;
  file_type: string;
  /** Secret for as long as it is valid. */
  presigned_url: string;
}

/** A message to or from several people. */
export interface WebhookGroupMessage {
  /** A UUID. */
  id: string;
  group_conversation_id: string;
  /** Digits without the `+`. */
  participants: string[];
  body?: string | null;
  status: string;
  direction?: Open<"inbound" | "outbound">;
  media_url?: string[] | null;
  number?: Abridged<WebhookNumber> | null;
  /** ISO 8601, UTC. */
  created_at?: string;
  sent_at?: string | null;
  updated_at?: string | null;
}

export interface MessageEvents {
  "message.sent": WebhookMessage;
  "message.received": WebhookMessage;
  "message.status_updated": WebhookMessage;
  "group_message.sent": WebhookGroupMessage;
  "group_message.received": WebhookGroupMessage;
  "group_message.status_updated": WebhookGroupMessage;
}
