export { aircallAuth, type AircallAuth, type AircallAuthOptions } from "./middleware/aircall-auth";
export { requireAircall, type RequireAircallOptions } from "./middleware/require-aircall";
export { aircallErrors, type AircallErrorsOptions } from "./middleware/aircall-errors";
export { guardSessionStore, type SessionGuardOptions } from "./middleware/session-guard";
export { saveSessionFirst } from "./middleware/save-session-first";
export type { RequestAircall } from "./connections/request-aircall";

export {
  AircallStrategy,
  type AircallAuthenticateOptions,
  type AircallStrategyOptions,
  type AircallStrategyOptionsWithRequest,
} from "./strategy/strategy";
export type {
  Arrival,
  ClassicVerify,
  ClassicVerifyWithParams,
  ClassicVerifyWithRequest,
  ClassicVerifyWithRequestAndParams,
  Verify,
  VerifyCallback,
} from "./sign-in/verify";
export type { Profile } from "./sign-in/profile";

export { AircallClient, createAircallClient, type RequestOptions } from "./client";
export type { CallOptions } from "./http/http";
export type { Iteration, Page, PaginationMeta } from "./http/pages";

export type {
  Call,
  CallAiVoiceAgent,
  CallComment,
  CallExtras,
  CallParticipant,
  CallQuery,
  CallTag,
  EscalationTarget,
  IvrOption,
} from "./resources/calls";
export type { Company } from "./resources/company";
export type { Contact, ContactDetail } from "./resources/contacts";
export type { Integration } from "./resources/integrations";
export type { AircallNumber, NumberMessages } from "./resources/numbers";
export type { Pong } from "./resources/ping";
export type { Tag } from "./resources/tags";
export type { Team, TeamUser } from "./resources/teams";
export type { DialRequest, NestedUser, StartCallRequest, User } from "./resources/users";
export type { ListQuery, Open } from "./resources/wire";

export { formatConnectionString, parseConnectionString, type ConnectionSettings } from "./config/connection-string";
export type { InitiateOAuth } from "./config/config";
export type { SettingsOptions } from "./config/options";

export { memoryGrants, type MemoryGrantsOptions } from "./grants/memory-store";
export { redisGrants, type RedisGrantsOptions } from "./grants/redis-store";
export type { RedisClient } from "./grants/redis-client";
export { sessionGrants, type SessionGrantsOptions } from "./grants/session-store";
export type { Account, Grant } from "./grants/grant";
export type { GrantStore, Lock, Outcome } from "./grants/store";

export type { AircallEvents } from "./events";

export {
  AircallError,
  ApiError,
  ConfigError,
  ConnectionError,
  NotConnectedError,
  RateLimitError,
  ReconnectRequiredError,
  RenewalFailedError,
  SignInError,
  StoreError,
  TimeoutError,
  type ApiErrorCode,
  type RateSnapshot,
  type SignInErrorCode,
} from "./errors";
