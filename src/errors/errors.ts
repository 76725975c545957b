export { type ApiRefusal, ApiError, type RateSnapshot, ResultCapError } from "./api";
export { AircallError, ConfigError, type ErrorDetails, type ErrorFacts } from "./base";
export type { AircallErrorCode, ApiErrorCode, SignInErrorCode, WebhookErrorCode } from "./codes";
export {
  mountLast,
  NotConnectedError,
  ReconnectRequiredError,
  RenewalFailedError,
  StoreError,
  TokenRefusedError,
} from "./connection";
export { ArgumentError, ClosedError, ConnectionError, RateLimitError, TimeoutError } from "./request";
export type { RequestOutcome } from "./outcome";
export { SignInError } from "./sign-in";
export { WebhookError } from "./webhook";
