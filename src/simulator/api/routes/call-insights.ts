import {
  actionItemsOf,
  customSummaryOf,
  evaluationsOf,
  playbookResultOf,
  predictedCsatOf,
  sentimentOf,
  summaryOf,
  topicsOf,
  transcriptionOf,
} from "../../data/calls/call-insights";
import type { KnownCalls } from "../../data/calls/known-calls";
import type { Call } from "../../data/entities";
import { ok, Refusal } from "../answers";
import { callOf } from "./calls";
import type { AddEndpoint, Ask } from "../endpoint";
import { word } from "../kinds";
import { flagText } from "../query";

const needs = "conversationIntelligence";

/** What is in an answer about a call, by the last part of its address; the key is null where nothing is wrapped. */
const insights = [
  { path: "sentiments", key: "sentiment", tell: sentimentOf },
  { path: "predicted_csat", key: "csat", tell: predictedCsatOf },
  { path: "topics", key: "topic", tell: topicsOf },
  { path: "summary", key: "summary", tell: summaryOf },
  { path: "custom_summary_result", key: null, tell: customSummaryOf },
  { path: "action_items", key: null, tell: actionItemsOf },
  { path: "evaluations", key: null, tell: evaluationsOf },
] as const;

/** Conversation Intelligence of calls: 404 where there is nothing, which is normal. */
export function addCallInsightsRoutes(endpoint: AddEndpoint, { known }: { known: KnownCalls }): void {
  for (const { path, key, tell } of insights) {
    endpoint(`GET /v1/calls/:id/${path}`, { needs }, (ask) => {
      const told = tell(understoodCallOf(ask));
      return ok(key === null ? told : { [key]: told });
    });
  }

  endpoint("GET /v1/calls/:id/transcription", { needs, query: { mode: word("async", "realtime") } }, (ask) => {
    requireNumber(ask);
    const call = callOf(ask);
    if (known.isTranscribed(call)) return ok({ transcription: transcriptionOf(call) });
    throw new Refusal(404, "There is no transcription of this call");
  });

  endpoint("GET /v1/calls/:id/playbook_result", { needs, query: { fetch_playbook: flagText } }, (ask) =>
    ok(playbookResultOf(understoodCallOf(ask), { withPlaybook: ask.query.fetch_playbook ?? false })),
  );

  function understoodCallOf(ask: Pick<Ask, "req" | "company">): Call {
    requireNumber(ask);
    const call = callOf(ask);
    if (known.isUnderstood(call)) return call;
    throw new Refusal(404, "There is nothing of this kind about this call");
  }
}

function requireNumber({ req }: Pick<Ask, "req">): void {
  if (!/^\d+$/.test(String(req.params["id"]))) throw new Refusal(400, "The id of a call is a number");
}
