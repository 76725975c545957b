import { type Id, route } from "../http/route";
import type { CallOptions } from "../http/options";
import type { Api } from "./api";
import { type Confirmed, sendConfirmed } from "./confirm";
import { list } from "./list";
import type { User } from "./user";
import type { Abridged, OrderedQuery } from "./wire";

/** Users who are called together. */
export interface Team {
  id: number;
  direct_link: string;
  /** Up to 64 characters. */
  name: string;
  /** ISO 8601, UTC. */
  created_at: string;
  users: TeamUser[];
}

/** A user inside a team. */
export type TeamUser = Abridged<
  Pick<
    User,
    | "id"
    | "direct_link"
    | "name"
    | "email"
    | "available"
    | "availability_status"
    | "default_number_id"
    | "created_at"
    | "time_zone"
    | "language"
    | "wrap_up_time"
  >
>;

/** A team, without users at first. */
export interface NewTeam {
  /** Unique in the company, up to 64 characters. */
  name: string;
}

/** Groups of users. @see https://developers.aircall.io/api-references/#teams */
export const teams = (http: Api) => {
  const all = list<Team, OrderedQuery>(http, { route: route`GET /v1/teams`, key: "teams" });

  return {
    /** One page. */
    list: all.page,
    /** Every team once. */
    iterate: all.iterate,
    /** @throws {ApiError} 404 `not_found`. */
    get: (id: Id, options?: CallOptions) => http.send<Team>(route`GET /v1/teams/${id}`, "team", options),
    /** Never sent twice. @throws {ApiError} 422 `unprocessable` when the name is taken or too long. */
    create: (team: NewTeam, options?: CallOptions) => http.send<Team>(route`POST /v1/teams`, "team", options, team),
    /** Deletes the team for good: `remove(id, { confirm: id })`. @throws {ApiError} 404 `not_found`. */
    remove: (id: Id, options: Confirmed) => sendConfirmed(http, { route: route`DELETE /v1/teams/${id}`, id }, options),
    /** Answers the team with its new member. Never sent twice. */
    addUser: (id: Id, userId: Id, options?: CallOptions) =>
      http.send<Team>(route`POST /v1/teams/${id}/users/${userId}`, "team", options),
    /** Answers the team without that member. */
    removeUser: (id: Id, userId: Id, options?: CallOptions) =>
      http.send<Team>(route`DELETE /v1/teams/${id}/users/${userId}`, "team", options),
  };
};
