import { type Id, route } from "../http/route";
import type { IterateOptions } from "../pagination/options";
import type { CallOptions } from "../http/options";
import type { Api } from "./api";
import { type Confirmed, sendConfirmed } from "./confirm";
import { list } from "./list";
import type { AircallNumber } from "./numbers";
import type { User } from "./user";
import type { ListQuery, Open, OrderedQuery, Some } from "./wire";

/** What a user is doing right now. */
export interface UserAvailability {
  id: number;
  availability: Open<"available" | "offline" | "do_not_disturb" | "in_call" | "after_call_work">;
}

/** Somebody to invite. */
export interface NewUser {
  /** Unique in all of Aircall; the invitation goes there. */
  email: string;
  first_name: string;
  last_name: string;
  /** `custom` follows the user's working hours. */
  availability_status?: Open<"available" | "custom" | "unavailable"> | undefined;
  /** `agent` by default. */
  role_ids?: readonly Open<"owner" | "supervisor" | "admin" | "agent">[] | undefined;
  /** Seconds after each call; none by default. */
  wrap_up_time?: number | undefined;
  /** The administrator the invitation names. */
  inviter_user_id?: number | undefined;
}

/** What is left out stays as it is. */
export interface UserChanges extends Some<Omit<NewUser, "email" | "inviter_user_id">> {
  /** With `availability_status: "unavailable"` only. */
  substatus?: Open<"out_for_lunch" | "on_a_break" | "in_training" | "doing_back_office" | "other"> | undefined;
}

/** A number for a user's phone to show, ready to be called. */
export interface DialRequest {
  /** The number to fill in, E.164: `+442079460123`. A call's `raw_digits` are display text; take the blanks out first. */
  to: string;
}

/** A call that a user's phone is to make at once. */
export interface StartCallRequest {
  /** The Aircall number to call from; the user must be assigned to it. */
  number_id: number;
  /** The number to call, E.164. */
  to: string;
}

/** People who take and make calls. @see https://developers.aircall.io/api-references/#users */
export const users = (http: Api) => {
  const all = list<User, ListQuery>(http, { route: route`GET /v2/users`, key: "users" });
  const numbersOf = (id: Id) =>
    list<AircallNumber, OrderedQuery>(http, { route: route`GET /v2/users/${id}/numbers`, key: "numbers" });
  const availabilities = list<UserAvailability, ListQuery>(http, {
    route: route`GET /v1/users/availabilities`,
    key: "users",
  });

  return {
    /** One page. */
    list: all.page,
    /** Every user once. */
    iterate: all.iterate,
    /** By id or e-mail address. @throws {ApiError} 404 `not_found`. */
    get: (idOrEmail: Id, options?: CallOptions) => http.send<User>(route`GET /v2/users/${idOrEmail}`, "user", options),
    /** Invites somebody, who has to confirm by e-mail. `substatus` is not in the answer. Never sent twice. */
    create: (user: NewUser, options?: CallOptions) => http.send<User>(route`POST /v2/users`, "user", options, user),
    /** Changes what is named and answers the whole user. @throws {ApiError} 404 `not_found`. */
    update: (id: Id, changes: UserChanges, options?: CallOptions) =>
      http.send<User>(route`PUT /v2/users/${id}`, "user", options, changes),
    /** Deletes the user for good, though not at once: Aircall may answer with the user for a while. */
    remove: (id: Id, options: Confirmed) => sendConfirmed(http, { route: route`DELETE /v1/users/${id}`, id }, options),
    /** One page of the numbers the user is assigned to. */
    listNumbers: (id: Id, query?: OrderedQuery, options?: CallOptions) => numbersOf(id).page(query, options),
    /** Every number the user is assigned to, once. */
    iterateNumbers: (id: Id, query?: OrderedQuery, options?: IterateOptions) => numbersOf(id).iterate(query, options),
    /** One page of what everybody is doing right now. */
    listAvailabilities: availabilities.page,
    /** What everybody is doing right now, every user once. */
    iterateAvailabilities: availabilities.iterate,
    /** What one user is doing right now. */
    getAvailability: (id: Id, options?: CallOptions) =>
      http.send<Omit<UserAvailability, "id">>(route`GET /v1/users/${id}/availability`, null, options),
    /**
     * Fills the number into the user's dialer; the user starts the call. Never sent twice.
     * @throws {ApiError} 405 `agent_unavailable`.
     */
    dial: (id: Id, request: DialRequest, options?: CallOptions) =>
      http.send<void>(route`POST /v1/users/${id}/dial`, null, options, request),
    /**
     * Calls at once from the user's Workspace. Aircall answers no call id: the call appears as `call.created`. Never
     * sent twice.
     * @throws {ApiError} 400 `bad_request`; 405 `agent_unavailable`.
     */
    startCall: (id: Id, request: StartCallRequest, options?: CallOptions) =>
      http.send<void>(route`POST /v1/users/${id}/calls`, null, options, request),
  };
};
