import type { AiVoiceAgentEvents } from "./ai-voice-agent";
import type { CallEvents } from "./call";
import type { CompanyEvents } from "./company";
import type { ContactEvents } from "./contact";
import type { ConversationIntelligenceEvents } from "./conversation-intelligence";
import type { MessageEvents } from "./message";
import type { NumberEvents } from "./number";
import type { UserEvents } from "./user";

/**
 * What each of Aircall's events carries as `data`.
 * @see https://developers.aircall.io/api-references/#webhook-events
 */
export interface AircallEventData
  extends
    CallEvents,
    UserEvents,
    NumberEvents,
    ContactEvents,
    MessageEvents,
    ConversationIntelligenceEvents,
    AiVoiceAgentEvents,
    CompanyEvents {}

/** The name of an event that Aircall is known to send. */
export type AircallEventName = keyof AircallEventData;

const names: Record<AircallEventName, true> = {
  "call.created": true,
  "call.ringing_on_agent": true,
  "call.agent_declined": true,
  "call.answered": true,
  "call.transferred": true,
  "call.external_transferred": true,
  "call.unsuccessful_transfer": true,
  "call.hungup": true,
  "call.ended": true,
  "call.hold": true,
  "call.unhold": true,
  "call.ivr_option_selected": true,
  "call.comm_assets_generated": true,
  "call.voicemail_left": true,
  "call.assigned": true,
  "call.archived": true,
  "call.tagged": true,
  "call.untagged": true,
  "call.commented": true,
  "user.created.v2": true,
  "user.deleted.v2": true,
  "user.connected.v2": true,
  "user.disconnected.v2": true,
  "user.opened.v2": true,
  "user.closed.v2": true,
  "user.wut_start.v2": true,
  "user.wut_end.v2": true,
  "user.created": true,
  "user.deleted": true,
  "user.connected": true,
  "user.disconnected": true,
  "user.opened": true,
  "user.closed": true,
  "user.wut_start": true,
  "user.wut_end": true,
  "number.created": true,
  "number.opened": true,
  "number.closed": true,
  "number.deleted": true,
  "contact.created": true,
  "contact.updated": true,
  "contact.deleted": true,
  "message.sent": true,
  "message.received": true,
  "message.status_updated": true,
  "group_message.sent": true,
  "group_message.received": true,
  "group_message.status_updated": true,
  "transcription.created": true,
  "summary.created": true,
  "topics.created": true,
  "sentiment.created": true,
  "action_item.created": true,
  "playbook_result.created": true,
  "playbook_result.updated": true,
  "realtime_transcription.utterances_received": true,
  "custom_summary.result_created": true,
  "custom_summary.result_updated": true,
  "call_evaluation.created": true,
  "call_evaluation.updated": true,
  "ai_voice_agent.started": true,
  "ai_voice_agent.ended": true,
  "ai_voice_agent.escalated": true,
  "ai_voice_agent.summary": true,
  "analytics.report_created": true,
  "analytics.report_failed": true,
  "outbound_campaign.outcome_recorded": true,
  "integration.deleted": true,
};

export const eventNames: readonly string[] = Object.keys(names);

export function isEventName(name: string): name is AircallEventName {
  return Object.hasOwn(names, name);
}
