import { fromHere } from "../../http/call-site";
import { type Id, route } from "../../http/route";
import type { IterateOptions } from "../../pagination/options";
import type { CallOptions } from "../../http/options";
import type { Api } from "../api";
import type {
  ActionItemList,
  CallEvaluation,
  CustomSummaryResult,
  PlaybookResult,
  PredictedCsat,
  Sentiment,
  Summary,
  Topic,
  Transcription,
} from "./call-insights";
import { getTracker, iterateTrackerCalls, listTrackers, type TrackerQuery } from "./trackers";
import { whenReady, type WhenReadyOptions } from "./when-ready";

/** The insights that `whenReady` can wait for, by what its option `insight` calls them. */
export interface CallInsights {
  transcription: Transcription;
  sentiments: Sentiment;
  topics: Topic;
  summary: Summary;
  actionItems: ActionItemList;
}

/**
 * What AI made of calls. Expect two refusals: 404 `not_found` while there is nothing about this call, which is common,
 * and 403 `not_entitled` without AI Assist, or AI Assist Pro where a row says so.
 * @see https://developers.aircall.io/api-references/#conversation-intelligence
 */
export const conversationIntelligence = (http: Api) => {
  const getTranscription = (callId: Id, query?: { mode?: "async" | "realtime" | undefined }, options?: CallOptions) =>
    http.send<Transcription>(route`GET /v1/calls/${callId}/transcription`, "transcription", options, query);
  const getSentiments = (callId: Id, options?: CallOptions) =>
    http.send<Sentiment>(route`GET /v1/calls/${callId}/sentiments`, "sentiment", options);
  const getTopics = (callId: Id, options?: CallOptions) =>
    http.send<Topic>(route`GET /v1/calls/${callId}/topics`, "topic", options);
  const getSummary = (callId: Id, options?: CallOptions) =>
    http.send<Summary>(route`GET /v1/calls/${callId}/summary`, "summary", options);
  const getActionItems = (callId: Id, options?: CallOptions) =>
    http.send<ActionItemList>(route`GET /v1/calls/${callId}/action_items`, null, options);

  return {
    /** `async`, the default, is the text made after the call; `realtime` is what the agent saw while it lasted. */
    getTranscription,
    /** One mood for each party. */
    getSentiments,
    /** How content the other party seems to be, and why. */
    getPredictedCsat: (callId: Id, options?: CallOptions) =>
      http.send<PredictedCsat>(route`GET /v1/calls/${callId}/predicted_csat`, "csat", options),
    /** One object for the call; its topics are the texts in `content`. */
    getTopics,
    /** Free text, in `content`. */
    getSummary,
    /** The summary by the company's own template. With AI Assist Pro. */
    getCustomSummaryResult: (callId: Id, options?: CallOptions) =>
      http.send<CustomSummaryResult>(route`GET /v1/calls/${callId}/custom_summary_result`, null, options),
    /** The whole list, in `action_items`. */
    getActionItems,
    /** How closely the call followed a playbook. With AI Assist Pro. */
    getPlaybookResult: (callId: Id, query?: { fetch_playbook?: boolean | undefined }, options?: CallOptions) =>
      http.send<PlaybookResult>(route`GET /v1/calls/${callId}/playbook_result`, null, options, query),
    /** The call's scorecards with their scores. */
    getEvaluations: (callId: Id, options?: CallOptions) =>
      http.send<CallEvaluation>(route`GET /v1/calls/${callId}/evaluations`, null, options),
    /**
     * Waits for what AI makes of the call, `insight`, by default its transcription: by one GET at once, and others after
     * 10, 20, 40 … seconds, at last every five minutes; eight in the 15 minutes of `maxWaitMs`. A 404 means not yet, and so
     * does a budget that is used up. In the lane `bulk` by default; a `signal` ends it. Where events reach you, wait for
     * those of Conversation Intelligence instead.
     * @throws {ApiError} 404 `not_found` when there is no insight by then, which may be for good: many calls have none.
     */
    whenReady: <Name extends keyof CallInsights = "transcription">(callId: Id, options: WhenReadyOptions<Name> = {}) =>
      fromHere(() =>
        whenReady<CallInsights, Name>(
          {
            transcription: (each) => getTranscription(callId, undefined, each),
            sentiments: (each) => getSentiments(callId, each),
            topics: (each) => getTopics(callId, each),
            summary: (each) => getSummary(callId, each),
            actionItems: (each) => getActionItems(callId, each),
          },
          options,
          { signal: http.signal, lane: http.lane },
        ),
      ),
    /** The company's trackers, without their calls; empty when there are none. */
    listTrackers: (options?: CallOptions) => listTrackers(http, options),
    /** A tracker with one page of the calls it was heard in. */
    getTracker: (id: string, query: TrackerQuery = {}, options?: CallOptions) =>
      getTracker(http, { id, query }, options),
    /** Every call the tracker was heard in, once; up to the moment this is called, unless `end_time` says otherwise. */
    iterateTrackerCalls: (id: string, query: Omit<TrackerQuery, "next_token"> = {}, options?: IterateOptions) =>
      iterateTrackerCalls(http, { id, query }, options),
  };
};
