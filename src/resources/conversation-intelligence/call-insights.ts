import type { Open } from "../wire";

/** Who spoke: somebody of the company, the other party, or an AI Voice Agent. */
export type Speaker = Open<"internal" | "external" | "ai_voice_agent">;

/** What was said in a call or a voicemail. A `call_id` is a number here and text there, so compare it as text. */
export interface Transcription {
  /** May be missing with `mode: "realtime"`, as `call_created_at` and `type`. */
  id?: number;
  call_id: number | string;
  call_uuid?: string | null;
  /** Text; its format is not documented. */
  call_created_at?: string;
  type?: Open<"call" | "voicemail">;
  content: TranscriptionContent;
}

/** What was said in a call, in order. */
export interface TranscriptionContent {
  language: Open<
    | "en"
    | "en-US"
    | "en-GB"
    | "en-AU"
    | "fr"
    | "fr-FR"
    | "es"
    | "es-ES"
    | "de"
    | "de-DE"
    | "nl"
    | "nl-NL"
    | "it"
    | "it-IT"
  >;
  utterances: Utterance[];
}

/** Something one participant said without a break. */
export interface Utterance {
  /** Seconds from the start. */
  start_time: number;
  /** Seconds from the start. */
  end_time: number;
  text: string;
  participant_type: Speaker;
  phone_number?: string | null;
  user_id?: number | null;
  ai_voice_agent_id?: string | null;
}

/** The mood of each party. */
export interface Sentiment {
  /** Equals `call_id`. */
  id: number;
  call_id: number | string;
  participants: SentimentParticipant[];
}

/** Aircall says whose mood it is in `type` or in `participant_type`. */
export interface SentimentParticipant {
  value: Open<"NEUTRAL" | "POSITIVE" | "NEGATIVE">;
  type?: Speaker;
  participant_type?: Speaker;
  phone_number?: string | null;
  user_id?: number | string | null;
  ai_voice_agent_id?: string | null;
}

/** How content the other party seems to be. */
export interface PredictedCsat {
  call_id: number | string;
  call_uuid: string;
  /** A whole number; its scale is not documented. */
  score: number;
  /** The reasons for the score. */
  drivers: { polarity: string; label: string }[];
}

/** What the call was about. */
export interface Topic {
  id: number;
  call_id: number | string;
  /** Text; its format is not documented. */
  created_at: string;
  content: string[];
}

/** A call in a few sentences, as AI wrote them. */
export interface Summary {
  id: number;
  call_id: number | string;
  /** Text; its format is not documented. */
  created_at: string;
  content: string;
}

/** A summary by the company's own template. Seen in one client only. */
export interface CustomSummaryResult {
  id: string | number;
  call_id: number | string;
  number_id: number | null;
  language: string | null;
  custom_summary: { name?: string } | null;
  summary_template_results: { name: string; content: string | null }[];
  /** Text; its format is not documented. */
  created_at: string;
  /** As `created_at`. */
  updated_at?: string | null;
}

/** What is to be done after the call. */
export interface ActionItemList {
  call_id: number | string;
  action_items: ActionItem[];
}

/** Something to be done after a call; AI found it or somebody wrote it. */
export interface ActionItem {
  id: string | number;
  ai_generated: boolean;
  content: string;
  /** Text; its format is not documented. */
  created_at: string;
  /** A user's id. */
  created_by: number | null;
  /** As `created_at`. */
  updated_at: string | null;
  /** A user's id. */
  updated_by: number | null;
}

/** How closely the call followed a playbook. Seen in one client only. */
export interface PlaybookResult {
  id: string | number;
  call_id: number | string;
  user_id: number | null;
  number_id: number | null;
  /** Its scale is not documented. */
  adherence_score: number | null;
  /** With `fetch_playbook`. */
  playbook?: { id?: string | number; name?: string; language?: string } | null;
  playbook_result_topics: { name: string; result: boolean | string | object | null }[];
  /** Text; its format is not documented. */
  created_at?: string;
  /** As `created_at`. */
  updated_at?: string | null;
}

/** Scorecards of a call. Seen in one client only. */
export interface CallEvaluation {
  id?: string | number | null;
  call_id: number | string;
  ai_generated?: boolean;
  evaluations: Evaluation[];
}

/** A call judged by a scorecard. */
export interface Evaluation {
  scorecard: { name?: string; [fact: string]: unknown };
  /** The scale of `normalized_score` is not documented. */
  score: { normalized_score?: number; [fact: string]: unknown };
  categories?: object[] | null;
  feedback?: string | null;
}
