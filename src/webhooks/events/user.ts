import type { WebhookNumber } from "./number";
import type { Abridged, Open } from "./open";

/** Somebody who works with Aircall. */
export interface WebhookUser {
  id: number;
  direct_link?: string;
  /** First and last name in one. */
  name: string;
  email?: string;
  /** ISO 8601, UTC. */
  created_at?: string;
  /** What availability and working hours come to right now. */
  available?: boolean;
  availability_status?: Open<"available" | "custom" | "unavailable"> | null;
  /** Why someone is unavailable: `on_a_break`, or a reason of the company's own. The first of two `user.closed` has none. */
  substatus?: string | null;
  /** IANA name, e.g. `Europe/Paris`. */
  time_zone?: string;
  /** E.g. `en-US`. */
  language?: string;
  /** Seconds after each call. */
  wrap_up_time?: number;
  extension?: string | null;
  /** The older name of `substatus`. */
  state?: string | null;
  default_number_id?: number | null;
  role_ids?: string[] | null;
  /** Of `user.wut_start` and `user.wut_end`. */
  last_call_id?: number | null;
}

/** A user inside a call or a message. */
export type WebhookNestedUser = Abridged<WebhookUser>;

/** What the deprecated events say of a user: the numbers come whole, so that it grows with the company. */
export interface WebhookUserV1 extends WebhookUser {
  numbers: Abridged<WebhookNumber>[];
}

export interface UserEvents {
  "user.created.v2": WebhookUser;
  "user.deleted.v2": WebhookUser;
  "user.connected.v2": WebhookUser;
  "user.disconnected.v2": WebhookUser;
  "user.opened.v2": WebhookUser;
  /** Twice where reasons are enabled: first without `substatus`, then with it. */
  "user.closed.v2": WebhookUser;
  "user.wut_start.v2": WebhookUser;
  "user.wut_end.v2": WebhookUser;
  /** @deprecated by Aircall, as all of these without `.v2`. */
  "user.created": WebhookUserV1;
  "user.deleted": WebhookUserV1;
  "user.connected": WebhookUserV1;
  "user.disconnected": WebhookUserV1;
  "user.opened": WebhookUserV1;
  "user.closed": WebhookUserV1;
  "user.wut_start": WebhookUserV1;
  "user.wut_end": WebhookUserV1;
}
