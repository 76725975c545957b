import { createHash } from "node:crypto";
import { AircallError, WebhookError } from "../errors/errors";
import type { EventCompany, EventJson } from "./event";
import { asJson } from "./event-json";
import type { WebhookSettings } from "./options";
import { readJson } from "./parse/body";
import { type Envelope, readEnvelope, unknownToken } from "./parse/envelope";
import { eventKey } from "./parse/event-key";
import { type DeliveryRequest, readBody } from "./read-body";
import { ownersAmong, type TokenBook } from "./token-book";

export type Reading = Pick<WebhookSettings, "tokens" | "tokensFor" | "numberTokens" | "maxBytes">;

/** Reads a delivery and proves it by its token: one event for each company that has this token. */
export function createDeliveries({ tokens, tokensFor, numberTokens, maxBytes }: Reading, book: TokenBook) {
  async function companiesOf({ kind, token }: Envelope, req: DeliveryRequest): Promise<readonly EventCompany[]> {
    const own = ownersAmong(token, kind === "callback" ? numberTokens : tokens);
    if (own.length > 0) return own;
    if (kind === "callback") throw unknownToken();
    const ofRequest = tokensFor ? ownersAmong(token, await tokensFor(req).catch(unclear)) : [];
    return ofRequest.length > 0 ? ofRequest : book.companiesOf(token);
  }

  /** @throws {WebhookError} how it is refused. @throws {ConfigError} its body was read before. */
  return async function read(req: DeliveryRequest): Promise<readonly EventJson[]> {
    if (req.method !== "POST") throw new WebhookError("webhook_method", "The delivery is no POST.");
    const { token, ...envelope } = readEnvelope(readJson(await readBody(req, maxBytes), maxBytes));
    const companies = await companiesOf({ token, ...envelope }, req);
    const key = await eventKey(envelope, sha256Hex);
    const receivedAt = Date.now();
    return companies.map((company) => asJson(envelope, key, { company, receivedAt, source: "webhook" }));
  };
}

function sha256Hex(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function unclear(cause: unknown): never {
  if (cause instanceof AircallError) throw cause;
  throw new WebhookError("webhook_busy", "The delivery cannot be taken now: tokenFor(req) failed.", { cause });
}
