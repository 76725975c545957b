import type { AiVoiceAgent } from "./ai-voice-agents";
import type { Company } from "./company";
import type { Call } from "./entities";
import type { Tell } from "./happening";
import { nextCallId } from "./ids";

export type AiVoiceMoment = "started" | "ended" | "escalated" | "summary";

/** What is told of that call. */
type AboutCall = Pick<Call, "id" | "sid" | "number" | "raw_digits" | "direction" | "started_at" | "ended_at">;

const callSeconds = 60;

/** Tells webhooks of a call that an AI voice agent makes, as it begins and ends. */
export function tellAiVoiceCall(
  company: Company,
  { agent, to, startsAt }: { agent: AiVoiceAgent; to: string; startsAt: number },
  tell: Tell,
): void {
  const [line] = company.numbers;
  if (!line) return;
  const id = nextCallId(company);
  const started_at = Math.floor(startsAt / 1000);
  const call = { id, sid: `AI${id}`, number: line, raw_digits: to, direction: "outbound", started_at } as const;
  const at = { started: startsAt, ended: startsAt + callSeconds * 1000, summary: startsAt + callSeconds * 1000 };
  for (const moment of ["started", "ended", "summary"] as const) {
    const ended_at = moment === "started" ? null : started_at + callSeconds;
    const data = aiVoiceEvent(moment, { ...call, ended_at }, agent);
    const happen = () => tell(company, { event: `ai_voice_agent.${moment}`, data, at: at[moment] });
    company.later.push({ at: at[moment], happen });
  }
}

/** What is told of an AI voice agent's part in a call. */
export function aiVoiceEvent(moment: AiVoiceMoment, call: AboutCall, { id, name }: AiVoiceAgent): object {
  const ended = { ended_at: call.ended_at ?? call.started_at, call_end_reason: "answered" };
  const extracted_data = { question: ["What is it about?"], answer: ["A delivery that has not come."] };
  return {
    id: call.id,
    call_id: call.id,
    call_uuid: call.sid,
    ai_voice_agent_id: id,
    ai_voice_agent_name: name,
    ai_voice_agent_session_id: `session-${call.id}`,
    number_id: call.number.id,
    external_caller_number: call.raw_digits,
    aircall_number: call.number.digits,
    initial_direction: call.direction,
    created_at: call.started_at,
    started_at: call.started_at,
    ...(moment === "ended" && ended),
    ...(moment === "escalated" && { escalation_reason: "The caller asked for a person" }),
    ...(moment === "summary" && { extracted_data }),
  };
}
