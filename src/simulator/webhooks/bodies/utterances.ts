import { transcriptionOf } from "../../data/calls/call-insights";
import type { Call } from "../../data/entities";

interface Transcribed {
  readonly content: {
    readonly language: string;
    readonly utterances: readonly { start_time: number; end_time: number; text: string; participant_type: string }[];
  };
}

/** What was said while a call goes on: another shape than that of its transcription. */
export function utterancesOf(call: Call): object {
  const { id, sid, number, direction, started_at, user } = call;
  const { language, utterances } = (transcriptionOf({ ...call, recording: "live" }) as Transcribed).content;
  return {
    id: `${sid}-1`,
    call: { id, uuid: sid, number_id: number.id, direction },
    utterances: utterances.slice(0, 2).map(({ start_time, end_time, text, participant_type }) => ({
      participant_type,
      user_id: participant_type === "internal" ? (user?.id ?? null) : null,
      timestamp: (started_at + start_time) * 1000,
      duration_ms: Math.round((end_time - start_time) * 1000),
      text,
      language,
    })),
  };
}
