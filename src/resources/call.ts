import type { Contact } from "./contacts";
import type { AircallNumber } from "./numbers";
import type { Team } from "./teams";
import type { NestedUser } from "./user";
import type { Abridged, Open } from "./wire";

/** One call, however often it was transferred. Moments are UNIX seconds. */
export interface Call {
  /** May be above 2^31. */
  id: number;
  /** The telephony id; webhooks name it `call_uuid`. */
  sid?: string;
  call_uuid?: string;
  direct_link: string;
  direction: Open<"inbound" | "outbound">;
  status: Open<"initial" | "answered" | "done">;
  /** Null when the call was answered, and on outbound calls that nobody answered: `answered_at` says which. */
  missed_call_reason: Open<
    | "out_of_opening_hours"
    | "short_abandoned"
    | "abandoned_in_ivr"
    | "abandoned_in_classic"
    | "no_available_agent"
    | "agents_did_not_answer"
  > | null;
  started_at: number;
  answered_at: number | null;
  ended_at: number | null;
  /**
   * Seconds. Whether ringing counts is not certain: sources disagree. For talk alone, take `answered_at` from `ended_at`.
   */
  duration: number;
  /** The other party's number as it came; `anonymous` or null when withheld. */
  raw_digits: string | null;
  /** In webhooks only. */
  hangup_cause?: string | null;
  /** URL, valid for about an hour. */
  voicemail: string | null;
  /** URL, valid for about an hour. */
  recording: string | null;
  /** URL, valid for about three hours; with `fetch_short_urls`. */
  voicemail_short_url?: string | null;
  /** URL, valid for about three hours; with `fetch_short_urls`. */
  recording_short_url?: string | null;
  /** Web page of the recording or voicemail, for people who may sign in. */
  asset: string | null;
  archived: boolean;
  /** @deprecated by Aircall. */
  cost?: string | null;
  country_code_a2?: string | null;
  pricing_type?: string | null;
  number: Abridged<AircallNumber> | null;
  /** Who took or made the call. */
  user: NestedUser | null;
  /** With `fetch_contact` only, else null. */
  contact: Abridged<Contact> | null;
  assigned_to: NestedUser | null;
  /** Inbound calls only. */
  teams?: Abridged<Team>[];
  transferred_by?: NestedUser | null;
  transferred_to?: NestedUser | Abridged<Team> | null;
  external_transferred_to?: string | null;
  external_caller_number?: string | null;
  automatic_callback_call_id?: number | null;
  comments: CallComment[];
  tags: CallTag[];
  /** Webhooks name it `participants`. */
  conference_participants?: CallParticipant[];
  participants?: CallParticipant[];
  /** With `fetch_call_timeline`. */
  ivr_options_selected?: IvrOption[];
  /** With `fetch_aiva_conv`. */
  ai_voice_agents?: CallAiVoiceAgent[];
}

/** A note on a call, for colleagues. */
export interface CallComment {
  id: number;
  content: string;
  /** UNIX seconds. */
  posted_at: number;
  /** Null for comments that came through the API. */
  posted_by: NestedUser | null;
}

/** A tag on a call. */
export interface CallTag {
  id: number;
  name: string;
  /** Its format is not documented; seen as a number and as text. */
  created_at?: number | string | null;
  /** UNIX seconds; in webhooks only. */
  tagged_at?: number | null;
  /** Empty when a queue callback set the tag. */
  tagged_by?: Partial<NestedUser> | null;
}

/** Somebody in a conference call. */
export interface CallParticipant {
  id?: number | string | null;
  type: Open<"user" | "contact" | "external">;
  name?: string | null;
  phone_number?: string | null;
}

/** A choice the caller made in a menu. The format of its moments is not documented; seen as numbers and as text. */
export interface IvrOption {
  id: string | number;
  title: string;
  /** The digit pressed, or `fallback`. */
  key: string;
  branch: string;
  created_at: string | number;
  transition_started_at: string | number | null;
  transition_ended_at: string | number | null;
}

/** The part of a call that an AI Voice Agent handled. Moments are UNIX seconds. */
export interface CallAiVoiceAgent {
  agent_id: string | null;
  agent_name: string | null;
  end_reason: string | null;
  started_at: number | null;
  ended_at: number | null;
  escalation_reason: string | null;
  escalation_target: EscalationTarget | null;
}

/** Where an AI voice agent hands a call on. */
export interface EscalationTarget {
  type: Open<"branch" | "user" | "team" | "external">;
  destination: string | number | null;
}
