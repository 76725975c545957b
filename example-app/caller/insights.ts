import { ApiError, type AircallClient } from "express-aircall";

/** What Aircall has understood of a call. */
export interface Insights {
  readonly summary: string | null;
  readonly transcript: readonly { readonly speaker: string; readonly text: string }[];
  /** Why there is nothing; null where there is something. */
  readonly absence: string | null;
}

const cacheMs = 60_000;

/** Both are parts of a plan, and are there some minutes after the call. */
export async function readInsights({ conversationIntelligence }: AircallClient, id: number): Promise<Insights> {
  const [summary, transcription] = await Promise.all([
    orAbsence(conversationIntelligence.getSummary(id, { cacheMs })),
    orAbsence(conversationIntelligence.getTranscription(id, undefined, { cacheMs })),
  ]);
  const absences = [summary, transcription].map((answer) => (typeof answer === "string" ? answer : null));
  const nothing = absences.every((absence) => absence !== null);
  return {
    summary: typeof summary === "string" ? null : summary.content,
    transcript: typeof transcription === "string" ? [] : transcription.content.utterances.map(utteranceOf),
    absence: nothing ? (absences[0] ?? null) : null,
  };
}

async function orAbsence<T extends object>(answer: Promise<T>): Promise<T | string> {
  try {
    return await answer;
  } catch (error) {
    const absence = error instanceof ApiError ? absences[error.code] : undefined;
    if (absence === undefined) throw error;
    return absence;
  }
}

const absences: Readonly<Record<string, string>> = {
  not_entitled: "Your company’s Aircall plan does not include summaries and transcripts.",
  not_found: "There is none of this call. Where one is made, it takes some minutes.",
};

function utteranceOf({ text, participant_type }: { text: string; participant_type: string }) {
  return { text, speaker: speakers[participant_type] ?? "Somebody" };
}

const speakers: Readonly<Record<string, string>> = {
  internal: "Us",
  external: "Caller",
  ai_voice_agent: "Voice agent",
};
