import { ApiError, type EventHandlers } from "express-aircall";

interface Crm {
  saveTranscript(callId: string, transcript: { text: string; summary: string | null }): Promise<void>;
}

/** What was said, and what it was about, at the call in the CRM. It comes minutes after the call. */
export function transcriptsTo(crm: Crm): EventHandlers {
  return {
    "transcription.created": async ({ data, client }) => {
      const { conversationIntelligence } = await client();
      const callId = String(data.call_id);
      const { content } = await conversationIntelligence.getTranscription(callId);
      const lines = content.utterances.map(({ participant_type: who, text }) => `${who}: ${text}`);
      const summary = await conversationIntelligence.getSummary(callId).catch(unlessAbsent);
      await crm.saveTranscript(callId, { text: lines.join("\n"), summary: summary?.content ?? null });
    },
  };
}

/** 404: there is none of this call. 403: the plan has none. */
function unlessAbsent(error: unknown): null {
  if (error instanceof ApiError && (error.status === 404 || error.code === "not_entitled")) return null;
  throw error;
}
