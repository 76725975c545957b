import type { Open } from "./open";

/** What an AI voice agent does in a call. Moments are UNIX seconds. */
export interface WebhookAiVoiceAgent {
  /** Equals `call_id`. */
  id: number;
  call_id: number;
  call_uuid?: string;
  ai_voice_agent_id: string;
  ai_voice_agent_name: string;
  ai_voice_agent_session_id: string;
  number_id: number;
  external_caller_number?: string | null;
  aircall_number?: string | null;
  initial_direction?: Open<"inbound" | "outbound"> | null;
  created_at: number;
  started_at?: number | null;
  /** Of `ai_voice_agent.ended`. */
  ended_at?: number | null;
  /** Of `ai_voice_agent.ended`. */
  call_end_reason?: Open<"answered" | "escalated" | "disconnected" | "caller_hung_up"> | null;
  /** Of `ai_voice_agent.escalated`. */
  escalation_reason?: string | null;
  /** Of `ai_voice_agent.summary`: questions and answers, as two lists or one by the other. */
  extracted_data?: object | null;
}

export interface AiVoiceAgentEvents {
  "ai_voice_agent.started": WebhookAiVoiceAgent;
  "ai_voice_agent.ended": WebhookAiVoiceAgent;
  "ai_voice_agent.escalated": WebhookAiVoiceAgent;
  "ai_voice_agent.summary": WebhookAiVoiceAgent;
}
