import type { Contact } from "./entities";
import { onlyDigits } from "./phone-digits";

/** A campaign that calls its contacts one after the other. */
export interface OutboundCampaign {
  readonly id: string;
  readonly status: "draft" | "in_progress" | "paused" | "completed" | "archived";
  readonly name: string;
  readonly description: string | null;
  readonly caller_id_strategy: string;
  readonly call_attempts: number;
  readonly external_ringing_timeout: number;
  readonly aiva_agent_id: string | null;
  readonly contacts: readonly OutboundCampaignContact[];
}

/** Somebody a campaign calls. */
export interface OutboundCampaignContact {
  /** Without the plus sign. */
  readonly phone_number: string | null;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly email: string | null;
  readonly company_name: string | null;
  readonly note: string | null;
}

export const campaignDefaults = {
  status: "draft",
  description: null,
  caller_id_strategy: "agent_number_pool",
  call_attempts: 3,
  external_ringing_timeout: 30,
  aiva_agent_id: null,
  contacts: [],
} as const;

/** Nothing was seen of how companies name theirs: these are ours. */
export const campaignOutcomes = ["Interested", "Not interested", "Call again"].map((name, position) => ({
  id: uuidOf(position + 1),
  name,
}));

/** A campaign under way over a few of the company's contacts. */
export function seedOutboundCampaigns(contacts: readonly Contact[], firstId: number): OutboundCampaign[] {
  const called = contacts.slice(0, 5).map(({ first_name, last_name, company_name, ...contact }) => ({
    phone_number: onlyDigits(contact.phone_numbers[0]?.value ?? "") || null,
    first_name,
    last_name,
    email: contact.emails[0]?.value ?? null,
    company_name,
    note: null,
  }));
  return [
    { ...campaignDefaults, id: uuidOf(firstId), status: "in_progress", name: "Autumn renewals", contacts: called },
  ];
}

function uuidOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}
