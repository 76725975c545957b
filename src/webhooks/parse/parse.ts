import { ConfigError } from "../../errors/base";
import type { AircallEventData, AircallEventName } from "../events/names";
import { type EventBody, readJson, usualMaxBytes } from "./body";
import { type Envelope, readEnvelope, unknownToken } from "./envelope";
import { eventKey } from "./event-key";
import { indexOfToken } from "./known-tokens";
import { digest, sha256Hex } from "./web-crypto";

/** Options of `parseAircallEvent()`. */
export interface ParseOptions {
  /** The tokens of your webhooks; an empty list refuses all. Several while one is being replaced. */
  tokens: readonly (string | undefined)[];
  /** The tokens of numbers whose messages are configured with a `callbackUrl`. Default: none, such deliveries are refused. */
  numberTokens?: readonly (string | undefined)[] | undefined;
  /** Bytes beyond which a body is refused. Default 1,000,000. */
  maxBytes?: number | undefined;
}

/** What every event says of itself, read by `parseAircallEvent()`. */
export interface ParsedEvent<Name extends AircallEventName> {
  /** E.g. `call.ended`. Aircall adds events without notice: a `switch` needs its `default`. */
  readonly name: Name;
  readonly data: AircallEventData[Name];
  /** `callback`: of a number whose messages go to a `callbackUrl`; its `message.updated` comes by no webhook. */
  readonly kind: "webhook" | "callback";
  /** E.g. `call`; empty where it was not said. */
  readonly resource: string;
  /** When Aircall wrote it; null where it did not say. */
  readonly timestamp: Date | null;
  /** The same in every delivery of this event, and of no other event of this company. */
  readonly id: string;
  /** Which of `tokens` (of `numberTokens`, for a callback) it carried: whose event it is. */
  readonly tokenIndex: number;
}

/** An event whose token was right, by its `name`. */
export type ParsedAircallEvent<Name extends AircallEventName = AircallEventName> = {
  [One in Name]: ParsedEvent<One>;
}[Name];

/**
 * Reads a webhook's delivery and proves it by its token, wherever there is Web Crypto: no Express and no Node is needed.
 * `body` is its bytes or text, or what a body parser made of them. Nothing is deduplicated: do that by the
 * event's `id`.
 * @throws {WebhookError} with the `status` to answer: 401 the token is none of yours, 400 or 413 it is no event.
 * @throws {ConfigError} `tokens` is no list.
 */
export async function parseAircallEvent(body: EventBody, options: ParseOptions): Promise<ParsedAircallEvent> {
  const { tokens, numberTokens = [], maxBytes = usualMaxBytes } = options ?? {};
  if (!Array.isArray(tokens) || !Array.isArray(numberTokens)) throw new ConfigError(noTokens);
  const { token, ...envelope } = readEnvelope(readJson(body, maxBytes));
  const tokenIndex = await indexOfToken(token, envelope.kind === "callback" ? numberTokens : tokens, digest);
  const { sentAt, ...event } = envelope;
  const read = { ...event, timestamp: sentAt === null ? null : new Date(sentAt), tokenIndex };
  if (!isBelieved(read)) throw unknownToken();
  return { ...read, id: await eventKey(envelope, sha256Hex) };
}

type Read = Omit<Envelope, "token" | "sentAt"> & Pick<ParsedEvent<AircallEventName>, "timestamp" | "tokenIndex">;
type Believed = { [One in AircallEventName]: Omit<ParsedEvent<One>, "id"> }[AircallEventName];

/** What Aircall sends is believed once its token was right: that is what the types stand on. */
function isBelieved(event: Read): event is Read & Believed {
  return event.tokenIndex >= 0;
}

const noTokens =
  "parseAircallEvent(body, { tokens }) takes a list of your webhooks' tokens, such as [process.env.AIRCALL_WEBHOOK_TOKEN].";
