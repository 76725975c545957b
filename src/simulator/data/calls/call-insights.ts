import type { Call } from "../entities";
import { createRandom } from "../random";
import { dialogues } from "./dialogues";

/** Whether Conversation Intelligence has heard a call: the recorded ones only, which is normal with Aircall too. */
export function hasInsights({ recording }: Call): boolean {
  return recording !== null;
}

/** The transcription of a recorded call, or of a voicemail. */
export function transcriptionOf(call: Call): object | null {
  if (call.voicemail === null && !hasInsights(call)) return null;
  const { language, lines } = dialogueOf(call);
  const utterances = call.voicemail === null ? lines : lines.filter((_, position) => position % 2 === 1);
  return {
    ...aboutCall(call),
    call_uuid: call.sid,
    call_created_at: isoTime(call.started_at),
    type: call.voicemail === null ? "call" : "voicemail",
    content: { language, utterances: utterances.map((line, position) => utterance(call, line, position)) },
  };
}

export function sentimentOf(call: Call): object {
  const mood = chanceOf(call).fraction();
  const value = mood < 0.2 ? "NEGATIVE" : mood < 0.6 ? "POSITIVE" : "NEUTRAL";
  return {
    ...aboutCall(call),
    participants: [
      { value, type: "external", phone_number: call.raw_digits },
      { value: "NEUTRAL", type: "internal", user_id: call.user?.id ?? null },
    ],
  };
}

export function predictedCsatOf(call: Call): object {
  const score = chanceOf(call).between(1, 5);
  const polarity = score > 3 ? "POSITIVE" : "NEGATIVE";
  return { call_id: call.id, call_uuid: call.sid, score, drivers: [{ polarity, label: "Waiting time" }] };
}

export function topicsOf(call: Call): object {
  return { ...aboutCall(call), created_at: isoTime(call.ended_at), content: dialogueOf(call).topics };
}

export function summaryOf(call: Call): object {
  return { ...aboutCall(call), created_at: isoTime(call.ended_at), content: dialogueOf(call).summary };
}

export function customSummaryOf(call: Call): object {
  const { language, summary } = dialogueOf(call);
  return {
    ...aboutCall(call),
    number_id: call.number.id,
    language,
    custom_summary: { name: "Handover" },
    summary_template_results: [{ name: "What the caller wants", content: summary }],
    created_at: isoTime(call.ended_at),
    updated_at: null,
  };
}

export function actionItemsOf(call: Call): object {
  const item = {
    id: String(call.id),
    ai_generated: true,
    content: dialogueOf(call).action,
    created_at: isoTime(call.ended_at),
    created_by: null,
    updated_at: null,
    updated_by: null,
  };
  return { call_id: call.id, action_items: [item] };
}

export function playbookResultOf(call: Call, { withPlaybook }: { withPlaybook: boolean }): object {
  return {
    ...aboutCall(call),
    user_id: call.user?.id ?? null,
    number_id: call.number.id,
    adherence_score: chanceOf(call).between(50, 100),
    ...(withPlaybook && { playbook: { id: "playbook-1", name: "First contact", language: dialogueOf(call).language } }),
    playbook_result_topics: [{ name: "Says who is speaking", result: true }],
    created_at: isoTime(call.ended_at),
    updated_at: null,
  };
}

export function evaluationsOf(call: Call): object {
  const evaluation = {
    scorecard: { name: "Service quality" },
    score: { normalized_score: chanceOf(call).between(60, 100) },
    categories: [],
    feedback: null,
  };
  return { ...aboutCall(call), ai_generated: true, evaluations: [evaluation] };
}

function aboutCall({ id }: Call): { id: number; call_id: number } {
  return { id, call_id: id };
}

function chanceOf({ id }: Call) {
  return createRandom(id);
}

function dialogueOf(call: Call) {
  const language = call.number.country === "FR" ? "fr" : "en";
  return chanceOf(call).pick(dialogues[language]);
}

function utterance(call: Call, text: string, position: number): object {
  const speaker =
    position % 2 === 0 && call.voicemail === null
      ? { participant_type: "internal", user_id: call.user?.id ?? null }
      : { participant_type: "external", phone_number: call.raw_digits };
  return { start_time: position * 6, end_time: position * 6 + 5.2, text, ...speaker };
}

function isoTime(seconds: number | null): string {
  return new Date((seconds ?? 0) * 1000).toISOString();
}
