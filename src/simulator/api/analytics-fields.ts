import { required } from "./fields";
import { anyId, day, flag, listOf, object, orNull, record, text, timeZone, wholeNumber, word } from "./kinds";

const ids = listOf(anyId);
const words = listOf(text());

const reportName = word(
  "CALLS_HISTORY",
  "USER_STATUS_HISTORY",
  "USER_ACTIVITY_AVAILABILITY_BREAKDOWN",
  "USER_ACTIVITY_AVERAGE_AFTER_CALL_WORK_TIME_PER_USER",
  "USER_ACTIVITY_AVERAGE_INBOUND_IN_CALL_TIME_PER_USER",
  "USER_ACTIVITY_AVERAGE_OUTBOUND_IN_CALL_TIME_PER_USER",
  "USER_ACTIVITY_CALL_VOLUME_AND_TIME",
  "USER_ACTIVITY_CALLS_HANDLED",
  "USER_ACTIVITY_PERCENTAGE_OF_TIME_IN_EACH_STATUS",
  "USER_ACTIVITY_RINGING_ATTEMPTS",
  "USER_ACTIVITY_RINGING_ATTEMPTS_PER_USER",
  "USER_ACTIVITY_WORK_TIME_AND_AVAILABILITY",
);

const dateFilter = object({
  relative: word("LAST_MONTH", "LAST_WEEK", "THIS_MONTH", "THIS_WEEK", "TODAY", "YESTERDAY"),
  absoluteRange: object({ fromDate: required(day), toDate: required(day) }),
});

const filter = object({
  dateFilter: required(dateFilter),
  timezone: required(timeZone),
  userIDs: ids,
  teamIDs: ids,
  callIDs: ids,
  lineIDs: ids,
  customerNumbers: words,
  tagIDs: ids,
  callTypes: words,
  ivrBranches: words,
  virtualVoiceAgentIDs: ids,
  userStatuses: words,
  nextUserStatuses: words,
  teamFilterOption: text(),
  ringAttemptOrigin: text(),
  hours: record,
  duration: record,
  minConnectedDuration: wholeNumber({ min: 0 }),
  withAiIntervention: flag,
  withVoicemail: flag,
});

const options = object({
  dateBreakdown: orNull(text()),
  slaTimeToAnswerInSeconds: orNull(wholeNumber({ min: 0 })),
  slaIncludedCallUnansweredReasons: orNull(words),
});

/** A report to be written; in camelCase, alone with the messages. */
export const exportFields = {
  input: required(
    object({
      reportName: required(reportName),
      filter: required(filter),
      options: orNull(options),
      exportOptions: orNull(object({ format: word("CSV"), exportName: text() })),
    }),
  ),
};
