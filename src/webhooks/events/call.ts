import type { WebhookContact } from "./contact";
import type { WebhookNumber } from "./number";
import type { Abridged, Open } from "./open";
import type { WebhookNestedUser } from "./user";

/**
 * A call as it was when Aircall wrote the event. Moments are UNIX seconds. What nobody has done to it is missing, and not
 * null: a call that nobody took has no `user`. It was missed when `answered_at` is null.
 */
export interface WebhookCall {
  /** May be above 2^31. */
  id: number;
  direct_link?: string;
  /** The telephony id, `sid` to the API. Missing in older bodies. */
  call_uuid?: string;
  sid?: string;
  direction: Open<"inbound" | "outbound">;
  status: Open<"initial" | "answered" | "done">;
  /** Null also on calls that nobody answered: `answered_at` says which. */
  missed_call_reason?: Open<
    | "out_of_opening_hours"
    | "short_abandoned"
    | "abandoned_in_ivr"
    | "abandoned_in_classic"
    | "no_available_agent"
    | "agents_did_not_answer"
  > | null;
  started_at: number;
  answered_at: number | null;
  /** Null while it goes on. */
  ended_at: number | null;
  /** Seconds, with or without ringing: for talk alone, take `answered_at` from `ended_at`. */
  duration: number;
  /** The other party's number as it came; `anonymous` or null when withheld. */
  raw_digits: string | null;
  hangup_cause?: string | null;
  /** URL, valid for about an hour. */
  voicemail?: string | null;
  /** URL, valid for about an hour; often still null in `call.ended`. */
  recording?: string | null;
  voicemail_short_url?: string | null;
  recording_short_url?: string | null;
  /** Web page of the recording or voicemail, for people who may sign in. */
  asset?: string | null;
  archived?: boolean;
  /** @deprecated by Aircall. */
  cost?: string | null;
  country_code_a2?: string | null;
  pricing_type?: string | null;
  number: Abridged<WebhookNumber> | null;
  /** Who took or made the call, or whom it rings at. */
  user?: WebhookNestedUser | null;
  /** Where Aircall knows the number. */
  contact?: Abridged<WebhookContact> | null;
  assigned_to?: WebhookNestedUser | null;
  /** Inbound calls only. */
  teams?: { id: number; name?: string }[];
  transferred_by?: WebhookNestedUser | null;
  /** A user or a team. */
  transferred_to?: { id: number; name?: string } | null;
  external_transferred_to?: string | null;
  external_caller_number?: string | null;
  automatic_callback_call_id?: number | null;
  comments?: WebhookComment[];
  tags?: WebhookTag[];
  participants?: WebhookParticipant[];
  conference_participants?: WebhookParticipant[];
  ivr_options_selected?: WebhookIvrOption[];
}

/** A note on a call, for colleagues. */
export interface WebhookComment {
  id: number;
  content: string;
  /** UNIX seconds. */
  posted_at: number;
  /** Null for comments that came through the API. */
  posted_by: WebhookNestedUser | null;
}

/** A tag on a call. */
export interface WebhookTag {
  id: number;
  name: string;
  created_at?: number | string | null;
  /** UNIX seconds. */
  tagged_at?: number | null;
  /** Empty when a queue callback set the tag: read `tagged_by?.id`. */
  tagged_by?: Partial<WebhookNestedUser> | null;
}

/** Somebody in a conference call. */
export interface WebhookParticipant {
  id?: number | string | null;
  type: Open<"user" | "contact" | "external">;
  name?: string | null;
  phone_number?: string | null;
}

/** A choice the caller made in a menu. */
export interface WebhookIvrOption {
  id: string | number;
  title: string;
  /** The digit pressed, or `fallback`. */
  key: string;
  branch: string;
  created_at?: string | number;
  transition_started_at?: string | number | null;
  transition_ended_at?: string | number | null;
}

export interface CallEvents {
  /** A call enters a number, or an agent begins one. */
  "call.created": WebhookCall;
  /** Once for each agent that it rings at: `user`. */
  "call.ringing_on_agent": WebhookCall;
  /** The agent that it rang at, `user`, declined it. */
  "call.agent_declined": WebhookCall;
  "call.answered": WebhookCall;
  "call.transferred": WebhookCall;
  "call.external_transferred": WebhookCall;
  /** The transfer failed: its target did not take the call. */
  "call.unsuccessful_transfer": WebhookCall;
  /** At once when either side hangs up; not final. */
  "call.hungup": WebhookCall;
  /** About 30 seconds after the end, complete but for its recording. */
  "call.ended": WebhookCall;
  "call.hold": WebhookCall;
  "call.unhold": WebhookCall;
  "call.ivr_option_selected": WebhookCall;
  /** The recording or the voicemail is there. */
  "call.comm_assets_generated": WebhookCall;
  "call.voicemail_left": WebhookCall;
  "call.assigned": WebhookCall;
  "call.archived": WebhookCall;
  "call.tagged": WebhookCall;
  "call.untagged": WebhookCall;
  "call.commented": WebhookCall;
}
