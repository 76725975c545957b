/** Every `code` there is; `docs/errors.md` says what each of them is about. */
export type AircallErrorCode =
  | SignInErrorCode
  | ApiErrorCode
  | WebhookErrorCode
  | "config_invalid"
  | "bad_argument"
  | "not_connected"
  | "reconnect_required"
  | "renewal_failed"
  | "token_refused"
  | "store_failed"
  | "rate_limited"
  | "timeout"
  | "connection_failed"
  | "closed";

/** Why a sign-in did not come to its end. */
export type SignInErrorCode =
  | "sign_in_denied"
  | "sign_in_failed"
  | "sign_in_refused"
  | "sign_in_state"
  | "sign_in_callback"
  | "sign_in_prefetch"
  | "sign_in_exchange"
  | "sign_in_profile"
  | "key_refused"
  | "already_connected";

/** What an `ApiError` says of an answer of Aircall. */
export type ApiErrorCode =
  | "bad_request"
  | "unauthorized"
  | "credentials_refused"
  | "not_entitled"
  | "wrong_number_mode"
  | "not_found"
  | "not_allowed"
  | "agent_unavailable"
  | "conflict"
  | "unprocessable"
  | "result_cap"
  | "server_error"
  | "api_error";

/** Why a delivery of a webhook was not taken. */
export type WebhookErrorCode =
  | "webhook_token"
  | "webhook_body"
  | "webhook_method"
  | "webhook_type"
  | "webhook_too_large"
  | "webhook_slow"
  | "webhook_busy"
  | "webhook_handler_timeout";
