import { AircallError, retryAfter } from "./base";
import type { WebhookErrorCode } from "./codes";

const webhookStatus: Record<WebhookErrorCode, number> = {
  webhook_token: 401,
  webhook_body: 400,
  webhook_method: 405,
  webhook_slow: 408,
  webhook_too_large: 413,
  webhook_type: 415,
  webhook_busy: 503,
  webhook_handler_timeout: 504,
};

/** A delivery that is no event of Aircall's, or an event that could not be handled. Nothing of its body is in it. */
export class WebhookError extends AircallError {
  protected static override readonly kind: string = "WebhookError";
  override readonly name = "WebhookError";
  /** How a delivery is to be answered: 401, 400, 405, 408, 413, 415, or 503 for one that is welcome later. */
  readonly status: number;

  constructor(
    /**
     * `webhook_token` it carries no token that is known; `webhook_body` it is no event; `webhook_method`, `webhook_type`
     * it is no POST, or no JSON; `webhook_too_large`, `webhook_slow` its body is; `webhook_busy` it is being handled
     * elsewhere, or cannot be now; `webhook_handler_timeout` its handler took too long.
     */
    readonly code: WebhookErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.status = webhookStatus[code];
  }

  override get headers() {
    return this.status === 503 ? retryAfter(busyMs) : {};
  }
}

const busyMs = 15_000;
