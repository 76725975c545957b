/**
 * Express middleware and a Passport strategy that put an authenticated Aircall client on `req`.
 * @module express-aircall
 */
import "./config/node-version";
import "./config/one-copy";

export { aircallAuth, type AircallAuth } from "./middleware/aircall-auth";
export type { AircallAuthOptions } from "./middleware/auth-options";
export type { AuditAction, AuditEntry } from "./companies/audit";
export type { ConnectedEvent, DisconnectedEvent, HookFailure } from "./companies/hooks/app-hooks";
export type { DisconnectOptions } from "./companies/companies";
export type { CompanyLike, CompanyName, CompanyRef } from "./config/company-id";
export type { ConnectedCompany } from "./companies/connected-company";
export type { CompaniesProgress, CompaniesResult, CompanyWork, ForEachCompanyOptions } from "./companies/for-each";
export type { ApiKey, ConnectKeyOptions, DisconnectKeyOptions } from "./companies/keys";
export type { RecordingLinkOptions } from "./companies/recording-links";
export type { RecordingLinksOption } from "./middleware/recording-link-options";
export type { ConnectReason, DisconnectReason } from "./connections/company-listener";
export type { CompanyOf } from "./middleware/grant-options";
export { requireAircall, type RequireAircallOptions } from "./middleware/require-aircall";
export { aircallErrors, type AircallErrorsOptions } from "./middleware/aircall-errors";
export type { ErrorHandler, Handler } from "./session/handlers";
export { guardSessionStore } from "./session/guard";
export type { SessionStore } from "./session/session";
export type { SessionGuardOptions } from "./session/store-timeouts";
export { saveSessionFirst } from "./session/save-first";
export type { RequestAircall } from "./connections/request-aircall";

export { aircallWebhooks, type AircallWebhooks, type CatchUpOptions } from "./webhooks/receiver";
export type { CheckedWebhooks } from "./webhooks/subscriptions/subscribing";
export type { CaughtUp } from "./webhooks/catch-up/catch-up";
export type { EventQueue, WorkOptions } from "./webhooks/event-queue";
export type { AnswerWhen } from "./webhooks/in-process/engine";
export type { EventsFrom } from "./webhooks/catch-up/finding";
export type { AircallWebhooksOptions, TokenFor, TokensAnswer, WebhookToken } from "./webhooks/options";
export type { EventHandlers } from "./webhooks/handlers";
export type { AircallEvent, EventCompany, EventFacts, EventJson, EventSource, UnnamedEvent } from "./webhooks/event";
export type { EventStats, FailedEvent } from "./webhooks/engine";
export type { AircallEventData, AircallEventName } from "./webhooks/events/names";
export type { WebhookAiVoiceAgent } from "./webhooks/events/ai-voice-agent";
export type {
  WebhookCall,
  WebhookComment,
  WebhookIvrOption,
  WebhookParticipant,
  WebhookTag,
} from "./webhooks/events/call";
export type { WebhookCampaignOutcome, WebhookIntegrationDeleted, WebhookReport } from "./webhooks/events/company";
export type { WebhookContact, WebhookContactDetail } from "./webhooks/events/contact";
export type {
  RealtimeUtterance,
  RealtimeUtterances,
  WebhookActionItems,
  WebhookTranscription,
} from "./webhooks/events/conversation-intelligence";
export type { WebhookGroupMessage, WebhookMedia, WebhookMessage } from "./webhooks/events/message";
export type { WebhookNumber } from "./webhooks/events/number";
export type { WebhookNestedUser, WebhookUser, WebhookUserV1 } from "./webhooks/events/user";

export {
  AircallStrategy,
  type AircallAuthenticateOptions,
  type AircallStrategyOptions,
  type AircallStrategyOptionsWithRequest,
} from "./strategy/strategy";
export type { Tokens } from "./oauth/tokens";
export type { Arrival, Verify } from "./sign-in/verify/arrival";
export {
  classicVerify,
  type ClassicVerify,
  type ClassicVerifyWithParams,
  type ClassicVerifyWithRequest,
  type ClassicVerifyWithRequestAndParams,
  type VerifyCallback,
} from "./sign-in/verify/classic-verify";
export type { Profile } from "./sign-in/profile";

export { AircallClient, createAircallClient, type AircallClientOptions, type RequestOptions } from "./client/client";
export type { ResponseInfo, Answer } from "./http/answer";
export type { Confirmed } from "./resources/confirm";
export type { ClientOptions } from "./client/derived";
export type { Id, Method } from "./http/route";
export type { CallOptions } from "./http/options";
export type { Download, DownloadedFile, DownloadOptions } from "./downloads/download";
export type { BudgetSnapshot, Lane, LaneSnapshot } from "./http/limiter";
export type { Page, PaginationMeta } from "./pagination/page";
export type { IterateOptions, Progress } from "./pagination/options";
export type { Iteration } from "./pagination/iterate";

export type { A2pCampaignAssociation, NewA2pCampaignAssociation } from "./resources/a2p-campaign-associations";
export type { AgentCallRequest, OutboundCallRequest } from "./resources/ai-voice-agents";
export type {
  AnalyticsDateFilter,
  AnalyticsExport,
  AnalyticsExportRequest,
  AnalyticsFilter,
  AnalyticsOptions,
} from "./resources/analytics";
export type {
  ActionItem,
  ActionItemList,
  CallEvaluation,
  CustomSummaryResult,
  Evaluation,
  PlaybookResult,
  PredictedCsat,
  Sentiment,
  SentimentParticipant,
  Speaker,
  Summary,
  Topic,
  Transcription,
  TranscriptionContent,
  Utterance,
} from "./resources/conversation-intelligence/call-insights";
export type {
  Call,
  CallAiVoiceAgent,
  CallComment,
  CallParticipant,
  CallTag,
  EscalationTarget,
  IvrOption,
} from "./resources/call";
export type {
  CallExtras,
  CallQuery,
  CallSearch,
  InsightCard,
  InsightCardLine,
  TransferTarget,
} from "./resources/calls";
export type { Company } from "./resources/company";
export type {
  Contact,
  ContactChanges,
  ContactDetail,
  ContactQuery,
  ContactSearch,
  NewContact,
  NewContactDetail,
} from "./resources/contacts";
export type { CallInsights } from "./resources/conversation-intelligence/conversation-intelligence";
export type { WhenReadyOptions } from "./resources/conversation-intelligence/when-ready";
export type { DialerCampaign, DialerCampaignPhoneNumber, NumbersToDial } from "./resources/dialer-campaigns";
export type { Integration } from "./resources/integrations";
export type {
  NumberMessageConfiguration,
  SentGroupMessage,
  SentMessage,
  SmsTemplate,
  WhatsAppLineStatus,
  WhatsAppTemplate,
  WhatsAppTemplatePage,
} from "./resources/message";
export type { SmsTemplateQuery, WhatsAppTemplateQuery } from "./resources/message-templates";
export type {
  ConversationMessage,
  MessageContent,
  NewConversationMessage,
  NewGroupConversationMessage,
  NewGroupMessage,
  NewMessage,
  NewNumberMessageConfiguration,
  NewWhatsAppConversationMessage,
  NewWhatsAppMessage,
  WhatsAppContent,
  WhatsAppTemplateParams,
} from "./resources/messages";
export type {
  AircallNumber,
  NumberChanges,
  NumberMessageChanges,
  NumberMessages,
  NumberRegistrationStatus,
} from "./resources/numbers";
export type {
  NewOutboundCampaign,
  OutboundCampaign,
  OutboundCampaignContact,
  OutboundCampaignContactQuery,
} from "./resources/outbound-campaigns";
export type { Pong } from "./resources/ping";
export type { ApiRoot } from "./resources/root";
export type { NewTag, Tag, TagChanges } from "./resources/tags";
export type { NewTeam, Team, TeamUser } from "./resources/teams";
export type { Tracker, TrackerQuery, TrackerWithCalls } from "./resources/conversation-intelligence/trackers";
export type { NestedUser, User } from "./resources/user";
export type { DialRequest, NewUser, StartCallRequest, UserAvailability, UserChanges } from "./resources/users";
export type { NewWebhook, Webhook, WebhookChanges } from "./resources/webhooks";
export type { Abridged, ListQuery, Open, OrderedQuery, PageQuery, Some } from "./resources/wire";

export { formatConnectionString, parseConnectionString, type ConnectionSettings } from "./config/connection-string";
export type { CompanyId } from "./config/company-id";
export type { InitiateOAuth } from "./config/config";
export type { SettingsOptions } from "./config/options";
export type { DispatcherLike } from "./config/values";

export { fileGrants, type FileGrantsOptions } from "./grants/stores/file/file";
export { memoryGrants, type MemoryGrantsOptions } from "./grants/stores/memory";
export { migrateGrants, type MigratedGrants, type MigrateGrantsOptions } from "./grants/migrate";
export { postgresGrants, type PostgresGrantsOptions } from "./grants/stores/postgres/postgres";
export type { PostgresClient } from "./grants/stores/postgres/client";
export { redisGrants, type RedisGrantsOptions } from "./grants/stores/redis/redis";
export type { IoRedisClient, NodeRedisClient, RedisClient } from "./redis/send";
export { sessionGrants, type SessionGrantsOptions } from "./grants/stores/session";
export type { Account, Grant, GrantState, NewGrant } from "./grants/grant";
export type {
  Claim,
  ClaimOutcome,
  CompaniesPage,
  ExpectedRecord,
  GrantStore,
  KeptRecord,
  Lock,
  RecordsPage,
  RecordStore,
} from "./grants/store";

export type { AircallDiagnostics } from "./diagnostics";

export {
  AircallError,
  ApiError,
  ArgumentError,
  ClosedError,
  ConfigError,
  ConnectionError,
  NotConnectedError,
  RateLimitError,
  ReconnectRequiredError,
  RenewalFailedError,
  ResultCapError,
  SignInError,
  StoreError,
  TimeoutError,
  TokenRefusedError,
  WebhookError,
  type AircallErrorCode,
  type ApiErrorCode,
  type ApiRefusal,
  type ErrorDetails,
  type ErrorFacts,
  type RateSnapshot,
  type RequestOutcome,
  type SignInErrorCode,
  type WebhookErrorCode,
} from "./errors/errors";
