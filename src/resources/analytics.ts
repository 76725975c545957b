import { type Id, route } from "../http/route";
import type { CallOptions } from "../http/options";
import type { Api } from "./api";
import type { Open } from "./wire";

/** A report to be put together. */
export interface AnalyticsExportRequest {
  reportName: Open<
    | "CALLS_HISTORY"
    | "USER_STATUS_HISTORY"
    | "USER_ACTIVITY_AVAILABILITY_BREAKDOWN"
    | "USER_ACTIVITY_AVERAGE_AFTER_CALL_WORK_TIME_PER_USER"
    | "USER_ACTIVITY_AVERAGE_INBOUND_IN_CALL_TIME_PER_USER"
    | "USER_ACTIVITY_AVERAGE_OUTBOUND_IN_CALL_TIME_PER_USER"
    | "USER_ACTIVITY_CALL_VOLUME_AND_TIME"
    | "USER_ACTIVITY_CALLS_HANDLED"
    | "USER_ACTIVITY_PERCENTAGE_OF_TIME_IN_EACH_STATUS"
    | "USER_ACTIVITY_RINGING_ATTEMPTS"
    | "USER_ACTIVITY_RINGING_ATTEMPTS_PER_USER"
    | "USER_ACTIVITY_WORK_TIME_AND_AVAILABILITY"
  >;
  filter: AnalyticsFilter;
  options?: AnalyticsOptions | null | undefined;
  exportOptions?: { format?: Open<"CSV"> | undefined; exportName?: string | undefined } | null | undefined;
}

/** What a report is about. */
export interface AnalyticsFilter {
  dateFilter: AnalyticsDateFilter;
  /** IANA name of the time zone that days are counted in. */
  timezone: string;
  userIDs?: readonly Id[] | undefined;
  teamIDs?: readonly Id[] | undefined;
  callIDs?: readonly Id[] | undefined;
  /** Ids of numbers. */
  lineIDs?: readonly Id[] | undefined;
  customerNumbers?: readonly string[] | undefined;
  tagIDs?: readonly Id[] | undefined;
  callTypes?: readonly string[] | undefined;
  ivrBranches?: readonly string[] | undefined;
  virtualVoiceAgentIDs?: readonly string[] | undefined;
  userStatuses?: readonly string[] | undefined;
  nextUserStatuses?: readonly string[] | undefined;
  teamFilterOption?: string | undefined;
  ringAttemptOrigin?: string | undefined;
  hours?: object | undefined;
  duration?: object | undefined;
  minConnectedDuration?: number | undefined;
  withAiIntervention?: boolean | undefined;
  withVoicemail?: boolean | undefined;
}

/** Either a named period or a range of days. */
export type AnalyticsDateFilter =
  | {
      relative: Open<"LAST_MONTH" | "LAST_WEEK" | "THIS_MONTH" | "THIS_WEEK" | "TODAY" | "YESTERDAY">;
      absoluteRange?: undefined;
    }
  | {
      /** Days as `YYYY-MM-DD`. */
      absoluteRange: { fromDate: string; toDate: string };
      relative?: undefined;
    };

/** How a report breaks time down, and what it counts as answered in time. */
export interface AnalyticsOptions {
  dateBreakdown?: string | null | undefined;
  slaTimeToAnswerInSeconds?: number | null | undefined;
  slaIncludedCallUnansweredReasons?: readonly string[] | null | undefined;
}

/** A report being written, or ready. */
export interface AnalyticsExport {
  exportID: string;
  /** ISO 8601, UTC. */
  createdAt: string;
  status: Open<"PENDING" | "COMPLETED" | "FAILED">;
  format?: string | null;
  exportName?: string | null;
  isZipCompressed?: boolean | null;
  /** URL, valid for about an hour; once the status is `COMPLETED`. */
  downloadUrl?: string | null;
  /** ISO 8601. */
  downloadUrlExpiresAt?: string | null;
  errorMessage?: string | null;
}

/**
 * Reports as files. Their fields are in camelCase, and they need Analytics+ (else 403 `not_entitled`).
 * @see https://developers.aircall.io/api-references/
 */
export const analytics = (http: Api) => ({
  /** Orders a report; ask `getExport` until it is ready, or wait for `analytics.report_created`. Never sent twice. */
  createExport: (report: AnalyticsExportRequest, options?: CallOptions) =>
    http.send<AnalyticsExport>(route`POST /v1/analytics/report/export`, null, options, { input: report }),
  /** By `exportID`. @throws {ApiError} 404 `not_found`. */
  getExport: (exportId: string, options?: CallOptions) =>
    http.send<AnalyticsExport>(route`GET /v1/analytics/report/export/${exportId}`, null, options),
});
