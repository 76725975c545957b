import type { AircallNumber } from "./numbers";
import type { Abridged, Open } from "./wire";

/** A message Aircall took on. Moments are UNIX milliseconds, ISO 8601 text in Aircall's samples, and may be missing. */
export interface SentMessage {
  id: string;
  /** Mostly `pending`: whether it arrived comes by webhook or callback. */
  status: Open<"pending" | "sent" | "delivered" | "failed">;
  direct_link?: string;
  direction: Open<"outbound">;
  body: string | null;
  /** The other party's number, without the `+`. */
  raw_digits?: string;
  /** URLs. */
  media_url?: string[] | null;
  created_at?: number | string | null;
  sent_at?: number | string | null;
  updated_at?: number | string | null;
  number?: Abridged<AircallNumber> | null;
}

/** As a sent message, to several people. */
export interface SentGroupMessage extends Pick<
  SentMessage,
  "status" | "direct_link" | "direction" | "body" | "media_url" | "created_at" | "sent_at" | "updated_at"
> {
  group_message_id: string;
  group_conversation_id: string;
  /** Phone numbers. */
  participants: string[];
}

/** Makes the API, rather than Aircall's apps, the place where a number's messages come and go. */
export interface NumberMessageConfiguration {
  /** Secret: every callback carries it. */
  token: string;
  callbackUrl?: string | null;
  /** `Public Api` was seen on numbers for SMS. */
  type: Open<"sms" | "whatsapp" | "Public Api">;
}

/** A text message prepared by the company. */
export interface SmsTemplate {
  id: string | number;
  name: string;
  body: string;
}

/** A message that WhatsApp has been asked to approve. */
export interface WhatsAppTemplate {
  id: string | number;
  /** The WhatsApp Business account it belongs to. */
  wabaId: string;
  name: string;
  category: Open<"UTILITY" | "MARKETING" | "AUTHENTICATION">;
  status: Open<"APPROVED" | "REJECTED" | "PAUSED" | "PENDING">;
  language: string;
}

/** One page of templates. */
export interface WhatsAppTemplatePage {
  templates: WhatsAppTemplate[];
  pageInfo: {
    currentToken: number | null;
    /** The `token` that asks for the next page; null on the last. */
    nextToken: number | null;
    totalCount: number;
  };
}

/** How a number stands with WhatsApp. */
export interface WhatsAppLineStatus {
  wabaId: string | null;
  status: string;
  canSendMessage: boolean | string;
  messagingLimitTier: string | null;
  qualityRating: string | null;
  businessVerificationStatus: string | null;
}
