import type {
  ActionItem,
  CallEvaluation,
  CustomSummaryResult,
  PlaybookResult,
  Sentiment,
  Summary,
  Topic,
  Transcription,
} from "../../resources/conversation-intelligence/call-insights";
import type { Open } from "./open";

/** What was said in a call or voicemail. Where `content` is missing, the client's `getTranscription(call_id)` has it. */
export type WebhookTranscription = Omit<Transcription, "content"> & Partial<Pick<Transcription, "content">>;

/** What is to be done after a call: one item, or a list of them; which one is not documented. */
export interface WebhookActionItems extends Partial<ActionItem> {
  call_id: number | string;
  action_items?: ActionItem[];
}

/** What was said in a call that goes on; there are many of these. */
export interface RealtimeUtterances {
  id: string;
  call: {
    id?: number | null;
    uuid: string;
    number_id: number;
    direction: Open<"inbound" | "outbound">;
  };
  utterances: RealtimeUtterance[];
}

/** Something said without a break. */
export interface RealtimeUtterance {
  participant_type: Open<"internal" | "external">;
  user_id?: number | null;
  /** Its unit is not documented. */
  timestamp: number;
  duration_ms: number;
  text: string;
  language: string;
}

export interface ConversationIntelligenceEvents {
  "transcription.created": WebhookTranscription;
  "summary.created": Summary;
  "topics.created": Topic;
  "sentiment.created": Sentiment;
  "action_item.created": WebhookActionItems;
  "playbook_result.created": PlaybookResult;
  "playbook_result.updated": PlaybookResult;
  "realtime_transcription.utterances_received": RealtimeUtterances;
  "custom_summary.result_created": CustomSummaryResult;
  "custom_summary.result_updated": CustomSummaryResult;
  "call_evaluation.created": CallEvaluation;
  "call_evaluation.updated": CallEvaluation;
}
