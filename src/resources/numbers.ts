import { type Id, route } from "../http/route";
import type { CallOptions } from "../http/options";
import type { Api } from "./api";
import { list } from "./list";
import type { NestedUser } from "./user";
import type { ListQuery, Open } from "./wire";

/** One of the company's phone numbers. */
export interface AircallNumber {
  id: number;
  direct_link: string;
  name: string;
  /** For display, e.g. `+33 1 99 00 12 34`. */
  digits: string;
  /** In webhooks only. */
  e164_digits?: string;
  /** ISO 8601, UTC. */
  created_at?: string;
  /** ISO 3166 alpha-2. */
  country: string;
  /** IANA name. */
  time_zone: string;
  /** @deprecated by Aircall; see `availability_status`. */
  open?: boolean;
  availability_status: Open<"open" | "custom" | "closed">;
  /** @deprecated by Aircall. */
  is_ivr?: boolean;
  /** Recordings were seen of numbers where this is false. */
  live_recording_activated: boolean;
  /** 1 is routed first. */
  priority: number | null;
  /** From `get` only: empty or missing in lists. */
  users?: NestedUser[];
  messages?: NumberMessages | null;
  flow_editor_enabled?: boolean;
}

/** What callers hear; each a URL of an audio file. */
export interface NumberMessages {
  welcome?: string | null;
  /** Music on hold. */
  waiting?: string | null;
  ringing_tone?: string | null;
  ivr?: string | null;
  voicemail?: string | null;
  after_hours?: string | null;
  /** @deprecated by Aircall. */
  unanswered_call?: string | null;
  /** @deprecated by Aircall. */
  closed?: string | null;
  /** @deprecated by Aircall. */
  callback_later?: string | null;
}

/** What is left out stays as it is. */
export interface NumberChanges {
  name?: string | undefined;
  /** Acts on the first time rule of the number's call flow. */
  availability_status?: Open<"open" | "custom" | "closed"> | undefined;
  /** Whether calls in both directions are recorded. */
  live_recording_activated?: boolean | undefined;
  /** 1 is routed first; 0 and null are no priority. */
  priority?: 0 | 1 | null | undefined;
  messages?: NumberMessageChanges | undefined;
}

/** Public URLs of audio files; what is left out stays as it is. */
export interface NumberMessageChanges {
  /** The first audio widget of the call flow. */
  welcome?: string | undefined;
  /** Music on hold. */
  waiting?: string | undefined;
  ringing_tone?: string | undefined;
  /** The first menu. */
  ivr?: string | undefined;
  /** Every voicemail widget. */
  voicemail?: string | undefined;
  /** What is played out of hours. */
  after_hours?: string | undefined;
}

/** A number's registration with the carriers of the USA or Canada. Aircall publishes no exact shape. */
export interface NumberRegistrationStatus {
  status?: string | null;
  [fact: string]: unknown;
}

/** The company's phone numbers, which Aircall also calls lines. @see https://developers.aircall.io/api-references/#numbers */
export const numbers = (http: Api) => {
  const all = list<AircallNumber, ListQuery>(http, { route: route`GET /v1/numbers`, key: "numbers" });

  return {
    /** One page. */
    list: all.page,
    /** Every number once. */
    iterate: all.iterate,
    /** @throws {ApiError} 404 `not_found`. */
    get: (id: Id, options?: CallOptions) => http.send<AircallNumber>(route`GET /v1/numbers/${id}`, "number", options),
    /** Changes what is named: settings, music and messages alike. */
    update: (id: Id, changes: NumberChanges, options?: CallOptions) =>
      http.send<AircallNumber>(route`PUT /v1/numbers/${id}`, "number", options, changes),
    /** Whether the number may send texts in the USA (10DLC), or in the USA and Canada (toll-free). */
    getRegistrationStatus: (id: Id, options?: CallOptions) =>
      http.send<NumberRegistrationStatus>(route`GET /v1/numbers/${id}/registration_status`, null, options),
  };
};
