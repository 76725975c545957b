export { type ApiRefusal, ApiError, type RateSnapshot, ResultCapError } from "./api";
export { AircallError, ConfigError } from "./base";
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
export { SignInError } from "./sign-in";
export { WebhookError } from "./webhook";
