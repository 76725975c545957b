import type { Abridged, Open } from "./wire";

/** Somebody who works with Aircall. */
export interface User {
  id: number;
  direct_link: string;
  /** First and last name in one. */
  name: string;
  email: string;
  /** ISO 8601, UTC. */
  created_at?: string;
  /** What availability and working hours come to right now; false while signed out. */
  available?: boolean;
  availability_status?: Open<"available" | "custom" | "unavailable"> | null;
  /** Why someone is unavailable; companies define reasons of their own. */
  substatus?: Open<
    | "always_open"
    | "always_opened"
    | "always_closed"
    | "out_for_lunch"
    | "on_a_break"
    | "in_training"
    | "doing_back_office"
    | "other"
  > | null;
  /** IANA name, e.g. `Europe/Paris`. */
  time_zone?: string;
  /** E.g. `en-US`. */
  language?: string;
  /** Seconds after each call. */
  wrap_up_time?: number;
  /** Short dial, e.g. `004`. */
  extension?: string | null;
  /** The older name of `substatus`. */
  state?: string | null;
  default_number_id?: number | null;
  role_ids?: Open<"owner" | "supervisor" | "admin" | "agent">[] | null;
}

/** A user inside a call, number or integration. */
export type NestedUser = Abridged<Omit<User, "extension" | "default_number_id" | "role_ids">>;
