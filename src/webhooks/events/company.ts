/** A report that was asked for. Its fields were seen in one source only: expect any to be missing. */
export interface WebhookReport {
  exportID?: string | null;
  status?: string | null;
  /** Read `downloadUrl` too, its name at the API. */
  download_url?: string | null;
  downloadUrl?: string | null;
  errorMessage?: string | null;
}

/** What came of a call of an outbound campaign, as its agent says. */
export interface WebhookCampaignOutcome {
  /** Equals `attempt_id`. */
  id: string;
  company_id: number;
  call_id: number;
  number_id: number;
  campaign_id: string;
  attempt_id: string;
  /** Match on it: a UUID of the company's, or a predefined code. */
  outcome_id: string;
  /** Its name at that time. */
  outcome_label: string | null;
  attempt_number: number;
  max_attempts: number;
}

/** The company has removed the app. This event's data has no `id`. */
export interface WebhookIntegrationDeleted {
  integration_id: number;
  company_id: number;
}

export interface CompanyEvents {
  "analytics.report_created": WebhookReport;
  "analytics.report_failed": WebhookReport;
  "outbound_campaign.outcome_recorded": WebhookCampaignOutcome;
  /** To webhooks that were made with OAuth only. */
  "integration.deleted": WebhookIntegrationDeleted;
}
