/**
 * A pretend Aircall, for tests and for development without an account.
 * @module express-aircall/simulator
 */
export { createSimulator } from "./simulator";
export type { Simulator } from "./simulator";
export type { BasicSettings, OAuthSettings } from "./connection-settings";
export type { SimulatorOptions } from "./options";
export type { HabitOptions } from "./habits";
export type { FaultRule } from "./fault-rule";
export type { AppUnderTest, SignInOptions } from "./sign-in";
export type { RecordedRequest, RequestCounts } from "./journal";
export type { AiVoiceCall, Dial, InsightCard, OutgoingMessage } from "./data/outbox";
export type { ChosenEntitlements, Entitlement, Entitlements } from "./data/entitlements";
export type { OwnedWebhook, Webhook, WebhookEvent } from "./data/webhooks";
export type { Outcome } from "./data/calls/new-call";
export type { PlayOptions } from "./data/calls/play";
export type { NewWebhook, WebhookControls } from "./webhooks/controls";
export type { Attempt, Delivery } from "./webhooks/delivery";
export type { WebhookOptions } from "./webhooks/options";
export type { TokenAnswer } from "./oauth/token-book";
export type { Company } from "./data/company";
export type { A2pCampaignAssociation } from "./data/a2p-campaign-association";
export type { AiVoiceAgent } from "./data/ai-voice-agents";
export type { AnalyticsExport } from "./data/analytics-export";
export type { DialerCampaign, DialerNumber } from "./data/dialer";
export type { MessageConfiguration, Messaging, SmsTemplate, WhatsAppTemplate } from "./data/messaging";
export type { OutboundCampaign, OutboundCampaignContact } from "./data/outbound-campaigns";
export type { Tracker } from "./data/trackers";
export type {
  Call,
  CallTag,
  Comment,
  Contact,
  ContactDetail,
  Integration,
  MissedCallReason,
  NestedUser,
  NumberMessages,
  PhoneNumber,
  Role,
  Tag,
  Team,
  User,
} from "./data/entities";
