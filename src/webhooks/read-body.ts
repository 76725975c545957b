import type { IncomingMessage } from "node:http";
import { ConfigError, WebhookError } from "../errors/errors";
import { tooLarge } from "./parse/body";

const limitMs = 5_000;

/** A request, and what may have been done to it before. */
export interface DeliveryRequest extends IncomingMessage {
  readonly originalUrl?: string;
  readonly body?: unknown;
}

/**
 * What a body parser has made of the body, or its bytes where none has read it yet.
 * @throws {WebhookError} it is no JSON, too large, or takes too long. @throws {ConfigError} something has read it, and left nothing.
 */
export async function readBody(req: DeliveryRequest, maxBytes: number): Promise<unknown> {
  requireJson(req);
  if (!hasBeenRead(req)) return readBytes(req, maxBytes);
  const { body } = req;
  if (typeof body === "string" || body instanceof Uint8Array || (typeof body === "object" && body !== null))
    return body;
  throw new ConfigError(eaten);
}

const eaten =
  "Something read the body of a webhook before aircallWebhooks() and left none of it on req.body. Mount " +
  "aircallWebhooks() before it, or read JSON with express.json().";

function requireJson({ headers }: IncomingMessage): void {
  const [type = ""] = (headers["content-type"] ?? "").split(";");
  if (!/^application\/(?:[\w.-]+\+)?json$/i.test(type.trim())) {
    throw new WebhookError("webhook_type", "The delivery's body is no JSON, by its content type.");
  }
  if (!/^(?:identity)?$/i.test(headers["content-encoding"] ?? "")) {
    throw new WebhookError("webhook_type", "The delivery's body is compressed: Aircall's are not.");
  }
}

/** Express 4 leaves `{}` on every request, read or not. */
function hasBeenRead(req: IncomingMessage): boolean {
  return req.readableDidRead || req.readableEnded;
}

function readBytes(req: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const announced = Number(req.headers["content-length"] ?? 0);
  if (announced > maxBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let length = 0;

  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => end(() => reject(tooSlow())), limitMs);
    const cut = () => end(() => reject(cutOff()));
    const whole = () => end(() => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    function take(chunk: Uint8Array): void {
      length += chunk.length;
      if (length > maxBytes) end(() => reject(tooLarge()));
      else chunks.push(chunk);
    }
    function end(settle: () => void): void {
      clearTimeout(timer);
      req.off("data", take).off("end", whole).off("close", cut);
      settle();
    }
    // A request that fails emits `close` too; without a listener its `error` would end the process.
    req.on("data", take).on("end", whole).on("close", cut).on("error", ignore);
  });
}

function ignore(): void {}

function tooSlow(): WebhookError {
  return new WebhookError("webhook_slow", `The delivery's body did not come within ${limitMs} ms.`);
}

function cutOff(): WebhookError {
  return new WebhookError("webhook_body", "The delivery's body ended before it was whole.");
}
