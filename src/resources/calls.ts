import type { DownloadOptions } from "../downloads/download";
import { type Id, route } from "../http/route";
import type { CallOptions } from "../http/options";
import type { Api } from "./api";
import type { Call } from "./call";
import { type Confirmed, sendConfirmed } from "./confirm";
import { list } from "./list";
import type { ListQuery, Open } from "./wire";

/** What a call is answered with beyond its own record. */
export interface CallExtras {
  /** Include the contact; without it `contact` is null. */
  fetch_contact?: boolean | undefined;
  /** Include `recording_short_url` and `voicemail_short_url`. */
  fetch_short_urls?: boolean | undefined;
  /** Include `ivr_options_selected`; calls of the last two months only. */
  fetch_call_timeline?: boolean | undefined;
  /** Include `ai_voice_agents`. */
  fetch_aiva_conv?: boolean | undefined;
}

/** Which calls, and what comes with each. */
export interface CallQuery extends ListQuery, CallExtras {}

/** Calls that match every field given. */
export interface CallSearch extends CallQuery {
  direction?: "inbound" | "outbound" | undefined;
  /** Made or received by this user. */
  user_id?: number | undefined;
  /** The other party's number, E.164. */
  phone_number?: string | undefined;
  /** Ids; the call carries all of them. */
  tags?: readonly number[] | undefined;
}

/** Where a call goes: to exactly one of a user, a team and an outside number. */
export type TransferTarget =
  | { user_id: Id; team_id?: undefined; number?: undefined; dispatching_strategy?: undefined }
  | {
      team_id: Id;
      /** How the team is called; `simultaneous` by default. */
      dispatching_strategy?: Open<"simultaneous" | "random" | "longest_idle"> | undefined;
      user_id?: undefined;
      number?: undefined;
    }
  | {
      /** E.164; only for inbound calls that nobody has answered. */
      number: string;
      user_id?: undefined;
      team_id?: undefined;
      dispatching_strategy?: undefined;
    };

/** A note beside the call in the agent's Workspace while it lasts; 10 KB of JSON at most. */
export interface InsightCard {
  contents: readonly InsightCardLine[];
}

/** `link` is an https URL. */
export type InsightCardLine =
  | { type: "title"; text: string; link?: string | undefined }
  | { type: "shortText"; text: string; label?: string | undefined; link?: string | undefined }
  | { type: "user"; label: string; user_id: number };

/** Calls of the last six months. @see https://developers.aircall.io/api-references/#calls */
export const calls = (http: Api) => {
  const all = list<Call, CallQuery>(http, { route: route`GET /v1/calls`, key: "calls", time: "started_at" });
  const found = list<Call, CallSearch>(http, { route: route`GET /v1/calls/search`, key: "calls", time: "started_at" });
  const one = (id: Id) => route`GET /v1/calls/${id}`;

  return {
    /** One page. */
    list: all.page,
    /**
     * Every call once, oldest first unless `order` is `desc`; beyond Aircall's 10,000 results too. Ends at the moment it
     * began unless `to` says otherwise. @throws {ResultCapError} when one second has more than 10,000 calls.
     */
    iterate: all.iterate,
    /** One page of the calls that match all of the query. */
    search: found.page,
    /** Every call that matches all of the query, as `iterate`. */
    iterateSearch: found.iterate,
    /** @throws {ApiError} 404 `not_found`. */
    get: (id: Id, extras?: CallExtras, options?: CallOptions) => http.send<Call>(one(id), "call", options, extras),
    /**
     * Hands the call over without announcing it; it does not come back when nobody answers. Never sent twice.
     * @throws {ApiError} 400 `bad_request`, 405 `not_allowed` or 422 `unprocessable` when the call cannot be transferred now.
     */
    transfer: (id: Id, target: TransferTarget, options?: CallOptions) =>
      http.send<void>(route`POST /v1/calls/${id}/transfers`, null, options, target),
    /**
     * Adds a comment, without an author and without emoji. Never sent twice.
     * @throws {ApiError} 400 `bad_request` when the call has five comments already.
     */
    comment: (id: Id, comment: { content: string }, options?: CallOptions) =>
      http.send<void>(route`POST /v1/calls/${id}/comments`, null, options, comment),
    /** Adds tags, by their ids, to those the call has; Aircall offers no way to take one off. Never sent twice. */
    tag: (id: Id, tagging: { tags: readonly number[] }, options?: CallOptions) =>
      http.send<void>(route`POST /v1/calls/${id}/tags`, null, options, tagging),
    /** Sets `archived` on the record; what agents see in Workspace does not follow it. */
    archive: (id: Id, options?: CallOptions) => http.send<Call>(route`PUT /v1/calls/${id}/archive`, "call", options),
    /** Sets `archived` to false again. */
    unarchive: (id: Id, options?: CallOptions) =>
      http.send<Call>(route`PUT /v1/calls/${id}/unarchive`, "call", options),
    /**
     * Stops recording an ongoing call, until `resumeRecording`. Never sent twice.
     * @throws {ApiError} 400 `bad_request` when the call has ended; 405 `not_allowed` when its number does not record.
     */
    pauseRecording: (id: Id, options?: CallOptions) =>
      http.send<void>(route`POST /v1/calls/${id}/pause_recording`, null, options),
    /**
     * Goes on recording an ongoing call. Never sent twice.
     * @throws {ApiError} as `pauseRecording`.
     */
    resumeRecording: (id: Id, options?: CallOptions) =>
      http.send<void>(route`POST /v1/calls/${id}/resume_recording`, null, options),
    /**
     * The recording of a call that has ended. `await` it for a stream, or `await calls.recording(id).pipe(res)` to answer
     * a browser, which may then seek in it.
     * @throws {ApiError} 404 `not_found` when there is no such call, or no recording (yet); 416 when the range is beyond it.
     */
    recording: (id: Id, options?: DownloadOptions) =>
      http.download({ route: one(id), key: "call", field: "recording" }, options),
    /** The voicemail that was left, in the same ways as `recording`. @throws {ApiError} as `recording`. */
    voicemail: (id: Id, options?: DownloadOptions) =>
      http.download({ route: one(id), key: "call", field: "voicemail" }, options),
    /** Deletes the recording for good, within 15 minutes; its transcription and everything AI found in it go too. */
    removeRecording: (id: Id, options: Confirmed) =>
      sendConfirmed(http, { route: route`DELETE /v1/calls/${id}/recording`, id }, options),
    /** Deletes the voicemail for good, within about a minute. */
    removeVoicemail: (id: Id, options: Confirmed) =>
      sendConfirmed(http, { route: route`DELETE /v1/calls/${id}/voicemail`, id }, options),
    /** Shows a card to the agents of an ongoing call; it is gone when the call ends. Never sent twice. */
    sendInsightCard: (id: Id, card: InsightCard, options?: CallOptions) =>
      http.send<void>(route`POST /v1/calls/${id}/insight_cards`, null, options, card),
  };
};
