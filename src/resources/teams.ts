import { type Confirmed, sendConfirmed } from "./confirm";
import type { CallOptions, Http } from "./api";
import type { IterateOptions } from "../pagination/options";
import { route } from "../http/route";
import { walk } from "../pagination/iterate";
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
export const teams = (http: Http) => {
  const list = (query?: OrderedQuery, options?: CallOptions) =>
    http.page<Team>({ route: route`GET /v1/teams`, key: "teams" }, options, query);

  return {
    /** One page. */
    list,
    /** Every team once. */
    iterate: (query?: OrderedQuery, options?: IterateOptions) =>
      walk<Team>(http, { route: route`GET /v1/teams`, key: "teams" }, options, query),
    /** @throws {ApiError} 404 `not_found`. */
    get: (id: number | string, options?: CallOptions) => http.send<Team>(route`GET /v1/teams/${id}`, "team", options),
    /** Never sent twice. @throws {ApiError} 422 `unprocessable` when the name is taken or too long. */
    create: (team: NewTeam, options?: CallOptions) => http.send<Team>(route`POST /v1/teams`, "team", options, team),
    /** Deletes the team for good: `remove(id, { confirm: id })`. @throws {ApiError} 404 `not_found`. */
    remove: (id: number | string, options: Confirmed) =>
      sendConfirmed(http, route`DELETE /v1/teams/${id}`, id, options),
    /** Answers the team with its new member. Never sent twice. */
    addUser: (id: number | string, userId: number | string, options?: CallOptions) =>
      http.send<Team>(route`POST /v1/teams/${id}/users/${userId}`, "team", options),
    /** Answers the team without that member. */
    removeUser: (id: number | string, userId: number | string, options?: CallOptions) =>
      http.send<Team>(route`DELETE /v1/teams/${id}/users/${userId}`, "team", options),
  };
};
