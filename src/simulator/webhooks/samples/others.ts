import { randomUUID } from "node:crypto";
import { campaignOutcomes } from "../../data/outbound-campaigns";
import { reportTold } from "../../data/analytics-export";
import { aiVoiceEvent, type AiVoiceMoment } from "../../data/ai-voice-events";
import type { Company } from "../../data/company";
import type { WebhookEvent } from "../../data/webhooks";
import { sampleCall, type SampleSettings } from "./calls";

/** The data of events that have a short body of their own. */
export function otherData(company: Company, event: WebhookEvent, settings: SampleSettings): object {
  const [kind, name = ""] = event.split(".");
  if (kind === "integration") return { integration_id: company.integration.id, company_id: company.id };
  if (kind === "analytics") return reportData(name === "report_created", settings.now());
  const { call } = sampleCall(company, "call.ended", settings);
  if (kind === "ai_voice_agent") return aiVoiceEvent(name as AiVoiceMoment, call, company.aiVoiceAgents[0]!);
  if (kind !== "outbound_campaign") return {};
  const id = randomUUID();
  return {
    id,
    company_id: company.id,
    call_id: call.id,
    number_id: call.number.id,
    campaign_id: company.outboundCampaigns[0]?.id ?? randomUUID(),
    attempt_id: id,
    outcome_id: campaignOutcomes[0]?.id,
    outcome_label: campaignOutcomes[0]?.name,
    attempt_number: 2,
    max_attempts: 3,
  };
}

function reportData(created: boolean, now: number): object {
  const exportID = randomUUID();
  if (!created) return { exportID, status: "FAILED", errorMessage: "The report could not be built" };
  return reportTold({ exportID }, now);
}
