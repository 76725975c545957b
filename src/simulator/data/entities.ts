/*
 * What the pretend Aircall answers, in Aircall's own spelling. Written apart from the library's types on purpose:
 * two descriptions that agree say more than one.
 */

export interface User {
  readonly id: number;
  readonly direct_link: string;
  readonly name: string;
  readonly email: string;
  readonly created_at: string;
  available: boolean;
  availability_status: "available" | "custom" | "unavailable";
  substatus: string;
  readonly time_zone: string;
  readonly language: string;
  readonly wrap_up_time: number;
  readonly extension: string | null;
  readonly default_number_id: number | null;
}

/** A user inside another object. */
export type NestedUser = Pick<
  User,
  | "id"
  | "direct_link"
  | "name"
  | "email"
  | "available"
  | "availability_status"
  | "created_at"
  | "time_zone"
  | "language"
>;

export interface Team {
  readonly id: number;
  readonly direct_link: string;
  readonly name: string;
  readonly created_at: string;
  readonly users: readonly NestedUser[];
}

export interface PhoneNumber {
  readonly id: number;
  readonly direct_link: string;
  readonly name: string;
  readonly digits: string;
  readonly created_at: string;
  readonly country: string;
  readonly time_zone: string;
  readonly availability_status: "open" | "custom" | "closed";
  readonly live_recording_activated: boolean;
  readonly priority: 0 | 1 | null;
  readonly users: readonly NestedUser[];
}

export interface ContactDetail {
  readonly id: number;
  readonly label: string | null;
  readonly value: string;
}

export interface Contact {
  readonly id: number;
  readonly direct_link: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly company_name: string | null;
  readonly description: string | null;
  readonly information: string | null;
  readonly is_shared: boolean;
  readonly created_at: number;
  readonly updated_at: number;
  readonly phone_numbers: readonly ContactDetail[];
  readonly emails: readonly ContactDetail[];
}

export interface Tag {
  readonly id: number;
  readonly direct_link: string;
  readonly name: string;
  readonly color: string;
  readonly description: string | null;
}

export interface CallTag {
  readonly id: number;
  readonly name: string;
}

export interface Comment {
  readonly id: number;
  readonly content: string;
  readonly posted_at: number;
  readonly posted_by: NestedUser | null;
}

export type MissedCallReason =
  | "out_of_opening_hours"
  | "short_abandoned"
  | "abandoned_in_ivr"
  | "abandoned_in_classic"
  | "no_available_agent"
  | "agents_did_not_answer";

/** Times in UNIX seconds. `contact` is kept here and shown only to those who ask with `fetch_contact`. */
export interface Call {
  readonly id: number;
  readonly sid: string;
  readonly direct_link: string;
  readonly direction: "inbound" | "outbound";
  readonly status: "initial" | "answered" | "done";
  readonly missed_call_reason: MissedCallReason | null;
  readonly started_at: number;
  readonly answered_at: number | null;
  readonly ended_at: number | null;
  /** Seconds, ringing included. */
  readonly duration: number;
  /** The other party as displayed, e.g. `+44 7700 900123`, or `anonymous`. */
  readonly raw_digits: string;
  readonly voicemail: string | null;
  readonly recording: string | null;
  readonly asset: string | null;
  archived: boolean;
  readonly number: Omit<PhoneNumber, "users">;
  readonly user: NestedUser | null;
  readonly contact: Contact | null;
  readonly assigned_to: NestedUser | null;
  readonly teams: readonly Omit<Team, "users">[];
  readonly comments: Comment[];
  readonly tags: readonly CallTag[];
}

export interface Integration {
  readonly id: number;
  readonly name: string;
  readonly custom_name: string | null;
  readonly logo: string | null;
  readonly company_id: number;
  status: string;
  active: boolean;
  readonly number_ids: readonly number[];
  readonly numbers_count: number;
  readonly user: NestedUser;
}
