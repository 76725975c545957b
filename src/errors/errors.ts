export { type ApiRefusal, ApiError, type RateSnapshot, ResultCapError } from "./api";
export { AircallError, ConfigError } from "./base";
export type { AircallErrorCode, ApiErrorCode, SignInErrorCode } from "./codes";
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
