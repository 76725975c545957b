import type { CallOptions, Http } from "../http/http";
import { iterate } from "../http/pages";
import { route } from "../http/route";
import type { Abridged, ListQuery, Open } from "./wire";

export interface User {
  id: number;
  direct_link: string;
  /** First and last name in one. */
  name: string;
  email: string;
  /** ISO 8601, UTC. */
  created_at?: string;
  /** What availability and working hours come to right now. */
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

export interface DialRequest {
  /** The number to fill in, E.164: `+442079460123`. A call's `raw_digits` are display text; take the blanks out first. */
  to: string;
}

export interface StartCallRequest {
  /** The Aircall number to call from; the user must be assigned to it. */
  number_id: number;
  /** The number to call, E.164. */
  to: string;
}

/** People who take and make calls. @see https://developers.aircall.io/api-references/#users */
export const users = (http: Http) => {
  const list = (query?: ListQuery, options?: CallOptions) =>
    http.page<User>(route`GET /v2/users`, "users", query, options);

  return {
    /** One page. */
    list,
    /** All pages, 50 users at a time. */
    iterate: (query?: ListQuery, options?: CallOptions) => iterate(() => list({ per_page: 50, ...query }, options)),
    /** By id or e-mail address. @throws {ApiError} 404 `not_found`. */
    get: (idOrEmail: number | string, options?: CallOptions) =>
      http.send<User>(route`GET /v2/users/${idOrEmail}`, "user", undefined, options),
    /**
     * Fills the number into the user's dialer; the user starts the call. Never sent twice.
     * @throws {ApiError} 405 `agent_unavailable`.
     */
    dial: (id: number | string, request: DialRequest, options?: CallOptions) =>
      http.send<void>(route`POST /v1/users/${id}/dial`, null, request, options),
    /**
     * Calls at once from the user's Workspace. Aircall answers no call id: the call appears as `call.created`. Never
     * sent twice.
     * @throws {ApiError} 400 `bad_request`; 405 `agent_unavailable`.
     */
    startCall: (id: number | string, request: StartCallRequest, options?: CallOptions) =>
      http.send<void>(route`POST /v1/users/${id}/calls`, null, request, options),
  };
};
