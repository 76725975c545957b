/*
 * What the pretend Aircall answers, in Aircall's own spelling. Written apart from the library's types on purpose:
 * two descriptions that agree say more than one.
 */

/** Somebody who works with Aircall. */
export interface User {
  readonly id: number;
  readonly direct_link: string;
  name: string;
  readonly email: string;
  readonly created_at: string;
  available: boolean;
  availability_status: "available" | "custom" | "unavailable";
  substatus: string;
  /** The substatus under its name of old. */
  state: string;
  readonly time_zone: string;
  readonly language: string;
  wrap_up_time: number;
  readonly extension: string | null;
  readonly default_number_id: number | null;
  role_ids: readonly Role[];
}

/** What a user may do. */
export type Role = "owner" | "supervisor" | "admin" | "agent";

/** A user inside another object. */
export type NestedUser = Omit<User, "extension" | "default_number_id" | "role_ids">;

/** People who are called together. */
export interface Team {
  readonly id: number;
  readonly direct_link: string;
  readonly name: string;
  readonly created_at: string;
  users: readonly NestedUser[];
}

/** A number of the company. */
export interface PhoneNumber {
  readonly id: number;
  readonly direct_link: string;
  name: string;
  readonly digits: string;
  readonly created_at: string;
  readonly country: string;
  readonly time_zone: string;
  availability_status: "open" | "custom" | "closed";
  live_recording_activated: boolean;
  priority: 0 | 1 | null;
  users: readonly NestedUser[];
  messages: NumberMessages;
}

/** Addresses of audio files. */
export type NumberMessages = Readonly<
  Partial<Record<"welcome" | "waiting" | "ringing_tone" | "ivr" | "voicemail" | "after_hours", string | null>>
>;

/** A phone number or e-mail address of a contact. */
export interface ContactDetail {
  readonly id: number;
  label: string | null;
  value: string;
}

/** Somebody outside the company. */
export interface Contact {
  readonly id: number;
  readonly direct_link: string;
  first_name: string | null;
  last_name: string | null;
  company_name: string | null;
  information: string | null;
  readonly is_shared: boolean;
  readonly created_at: number;
  updated_at: number;
  readonly phone_numbers: ContactDetail[];
  readonly emails: ContactDetail[];
}

/** A word that calls are marked with. */
export interface Tag {
  readonly id: number;
  name: string;
  color: string;
  readonly description: string | null;
}

/** A tag on a call. */
export interface CallTag {
  readonly id: number;
  readonly name: string;
}

/** A note on a call. */
export interface Comment {
  readonly id: number;
  readonly content: string;
  readonly posted_at: number;
  readonly posted_by: NestedUser | null;
}

/** Why nobody took a call. */
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
  status: "initial" | "answered" | "done";
  readonly missed_call_reason: MissedCallReason | null;
  readonly started_at: number;
  answered_at: number | null;
  ended_at: number | null;
  /** Seconds, ringing included. */
  duration: number;
  /** The other party as displayed, e.g. `+44 7700 900123`, or `anonymous`. */
  readonly raw_digits: string;
  voicemail: string | null;
  recording: string | null;
  asset: string | null;
  archived: boolean;
  readonly number: Omit<PhoneNumber, "users">;
  user: NestedUser | null;
  readonly contact: Contact | null;
  readonly assigned_to: NestedUser | null;
  readonly teams: readonly Omit<Team, "users">[];
  readonly comments: Comment[];
  tags: readonly CallTag[];
  /** Who a call was handed to, once it was. */
  transferred_to?: NestedUser | Omit<Team, "users">;
  external_transferred_to?: string;
}

/** The app, as the company has installed it. */
export interface Integration {
  readonly id: number;
  readonly name: string;
  readonly custom_name: string | null;
  readonly logo: string | null;
  readonly company_id: number;
  status: string;
  active: boolean;
  /** Those whose calls the app's webhooks hear of. */
  number_ids: readonly number[];
  readonly numbers_count: number;
  readonly user: NestedUser;
}
