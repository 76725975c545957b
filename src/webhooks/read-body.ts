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

async function readBytes(req: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const announced = Number(req.headers["content-length"] ?? 0);
  if (announced > maxBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let length = 0;
  const slow = new WebhookError("webhook_slow", `The delivery's body did not come within ${limitMs} ms.`);
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<never>((_resolve, reject) => (timer = setTimeout(reject, limitMs, slow)));
  const whole = new Promise<Uint8Array>((resolve, reject) => {
    req.on("data", (chunk: Uint8Array) => {
      length += chunk.length;
      if (length > maxBytes) reject(tooLarge());
      else chunks.push(chunk);
    });
    req.once("end", () => resolve(Buffer.concat(chunks)));
    const cut = () => reject(new WebhookError("webhook_body", "The delivery's body ended before it was whole."));
    req.once("error", cut).once("aborted", cut).once("close", cut);
  });
  try {
    return await Promise.race([whole, timeUp]);
  } finally {
    clearTimeout(timer);
  }
}
