import type { IncomingMessage } from "node:http";
import { requireCompanyName, type CompanyLike } from "../config/company-id";
import { fields } from "../config/fields";
import { ownOptions } from "../config/own-options";
import { refuseRequest } from "../config/refuse-request";
import { suggest } from "../config/suggest";
import { refuseUnknown } from "../config/unknown-option";
import { endpointUrl, requestPath } from "../config/urls";
import { kindOf, oneOf, positive, timeout } from "../config/values";
import { companyListening, type Listen } from "../connections/company-listener";
import { forWebhooks, type AuthForWebhooks } from "../connections/for-webhooks";
import { cleanText } from "../errors/clean-text";
import { ConfigError } from "../errors/errors";
import { propertyOf } from "../errors/property";
import type { EventJson, UnnamedEvent } from "./event";
import { openQueue, type EventQueue } from "./event-queue";
import { eventNames, isEventName } from "./events/names";
import type { EventsFrom, FindingSettings } from "./catch-up/finding";
import type { EventHandlers, Handler } from "./handlers";
import type { AnswerWhen } from "./in-process/engine";
import { readSubscribing, type SubscribingSettings } from "./subscriptions/settings";
import { usualMaxBytes } from "./parse/body";
import type { Enqueue } from "./queueing";
import { hashOf, type OwnToken } from "./token-book";

/** A token of a webhook that the app manages itself, and whose webhook it is. */
export interface WebhookToken {
  token: string;
  /** Aircall's id, or `{ ref }`, the app's own name. Default: the app's one company. */
  company?: CompanyLike | undefined;
}

/** Options of `aircallWebhooks()`; it needs `auth`, `url` or `path` unless it polls, and `on` or `onAny`. */
export interface AircallWebhooksOptions {
  /** What `aircallAuth()` returned, with an API key, or with `grants` and `hold: "company"`. */
  auth: {
    /** @internal */
    readonly [forWebhooks]: AuthForWebhooks;
    /** @internal */
    readonly [companyListening]: Listen | null;
  };
  /**
   * Where Aircall reaches this app, absolute; its path is the route. Companies that connect get a webhook that sends there
   * what `on` and `events` name, and lose it when they are disconnected; with `path` alone you make webhooks yourself.
   */
  url?: string | undefined;
  /** The path as this process sees it, where a proxy changes it. Default: that of `url`. */
  path?: string | undefined;
  /** What to do about each event, by its name. */
  on?: EventHandlers | undefined;
  /** Names of further events to subscribe to, beside those of `on`: they come to `onAny`. Default: none. */
  events?: readonly string[] | undefined;
  /** What to do about events that `on` does not name; Aircall adds names without notice. Default: nothing. */
  onAny?: ((event: UnnamedEvent) => unknown) | undefined;
  /** Hears what a handler threw, and of which event. Default: a warning, once. */
  onError?: ((error: unknown, event: UnnamedEvent) => unknown) | undefined;
  /**
   * `early` (default): Aircall is answered when the handler is done, and after three seconds in any case. `handled`: when
   * it is done, or refused after four and a half, so that Aircall keeps the event and sends it again.
   */
  answer?: AnswerWhen | undefined;
  /** The tokens of webhooks that you made yourself, beside those that are kept with the grants. */
  tokens?: readonly (string | WebhookToken)[] | undefined;
  /** The tokens that hold for one request, by its path for example: one, several or none. */
  tokenFor?: TokenFor | undefined;
  /** The tokens of numbers whose messages go to a `callbackUrl` that is this one. Default: none. */
  numberTokens?: readonly (string | WebhookToken)[] | undefined;
  /**
   * Your own queue: gets each event as plain JSON without its token; Aircall is answered once it resolves, within 4 s.
   * The worker hands that JSON to `events.handle(json)`. Default: events are handled in this process.
   */
  enqueue?: ((json: EventJson) => unknown) | undefined;
  /** Keeps events over crashes, and shares them among processes: `bullQueue({ connection })` of `express-aircall/bullmq`. */
  queue?: EventQueue | undefined;
  /** With `queue`: whether this process handles events too, or only receives them. Default true. */
  worker?: boolean | undefined;
  /**
   * `webhook` (default): Aircall sends events to `url`. `poll`: they are found in Aircall's lists, every `everyMs`, which
   * needs no public address: calls begun, answered, hung up, ended, voicemails, and contacts made and changed.
   */
  source?: EventsFrom | undefined;
  /** With `source: "poll"`: milliseconds between two polls. Default 60,000. */
  everyMs?: number | undefined;
  /** How long before the newest event calls are looked at again, in milliseconds. Default 4 hours; at most 7 days. */
  lookBackMs?: number | undefined;
  /** Bytes beyond which a body is refused. Default 1,000,000. */
  maxBytes?: number | undefined;
  /** Milliseconds after which a handler has failed. Default 60,000. */
  handlerTimeoutMs?: number | undefined;
}

/** What `tokenFor` answers: a token, with its company where the app has several, a list of them, or none. */
export type TokensAnswer = string | WebhookToken | readonly (string | WebhookToken)[] | null | undefined;
/** Finds the tokens that hold for one request. */
export type TokenFor = (req: IncomingMessage) => TokensAnswer | Promise<TokensAnswer>;

export interface WebhookSettings {
  readonly auth: AuthForWebhooks;
  /** Null where nothing is delivered. */
  readonly path: string | null;
  readonly finding: FindingSettings;
  readonly subscribing: SubscribingSettings;
  readonly listen: Listen | null;
  readonly on: ReadonlyMap<string, Handler>;
  readonly onAny: Handler | null;
  readonly onError: ((error: unknown, event: UnnamedEvent) => unknown) | null;
  readonly answer: AnswerWhen;
  readonly tokens: readonly OwnToken[];
  readonly tokensFor: ((req: IncomingMessage) => Promise<readonly OwnToken[]>) | null;
  readonly numberTokens: readonly OwnToken[];
  readonly enqueue: Enqueue | null;
  readonly queue: EventQueue | null;
  readonly works: boolean;
  readonly maxBytes: number;
  readonly handlerTimeoutMs: number;
}

const known: readonly (keyof AircallWebhooksOptions)[] = [
  ...([
    "auth",
    "url",
    "path",
    "on",
    "events",
    "onAny",
    "onError",
    "answer",
    "tokens",
    "tokenFor",
    "numberTokens",
  ] as const),
  ...(["enqueue", "queue", "worker", "source", "everyMs", "lookBackMs", "maxBytes", "handlerTimeoutMs"] as const),
];

/** @throws {ConfigError} an option is missing, misspelt or impossible. */
export function readWebhookOptions(options: AircallWebhooksOptions): WebhookSettings {
  refuseRequest(options, "aircallWebhooks");
  const own = ownOptions(options, "aircallWebhooks()");
  refuseUnknown(own, known);
  const { answer, onAny, onError, tokenFor, enqueue, maxBytes = usualMaxBytes, handlerTimeoutMs = 60_000 } = own;
  const on = readHandlers(own.on, onAny !== undefined);
  const queue = readQueue(own);
  if (answer !== undefined && (enqueue !== undefined || queue)) throw new ConfigError(queuedAnswer);
  const settings = {
    auth: readAuth(own.auth),
    path: readPath(own),
    finding: readFinding(own),
    subscribing: readSubscribing(own, on.keys()),
    listen: own.auth[companyListening],
    on,
    onAny: functionOr(onAny, "onAny"),
    onError: functionOr(onError, "onError"),
    answer: oneOf("early", "handled")({ value: answer ?? "early", name: "answer", fromText: false }),
    tokens: readTokens(own.tokens ?? [], "tokens"),
    tokensFor: tokensForOf(functionOr(tokenFor, "tokenFor")),
    numberTokens: readTokens(own.numberTokens ?? [], "numberTokens"),
    enqueue: functionOr(enqueue, "enqueue"),
    queue,
    works: queue !== null && own.worker !== false,
    maxBytes: positive("bytes", 100_000_000)({ value: maxBytes, name: "maxBytes", fromText: false }),
    handlerTimeoutMs: timeout({ value: handlerTimeoutMs, name: "handlerTimeoutMs", fromText: false }),
  };
  const hasTokens = settings.tokens.length + settings.numberTokens.length > 0 || settings.tokensFor !== null;
  if (settings.path !== null && !settings.auth.keepsGrants && !hasTokens && own.url === undefined)
    throw new ConfigError(noToken);
  return settings;
}

function readAuth(auth: unknown): AuthForWebhooks {
  const left = propertyOf(auth, forWebhooks);
  if (!isAuth(left)) throw new ConfigError(`auth must be what aircallAuth() returned; got ${kindOf(auth)}.`);
  if (left.keepsGrants && (left.grants === null || left.hold !== "company")) throw new ConfigError(jobsNeed);
  return left;
}

function isAuth(value: unknown): value is AuthForWebhooks {
  return typeof propertyOf(value, "companyLeft") === "function";
}

function readQueue({ queue, enqueue, worker }: AircallWebhooksOptions): EventQueue | null {
  if (worker !== undefined && typeof worker !== "boolean")
    throw new ConfigError(`worker must be true or false; got ${kindOf(worker)}.`);
  if (queue === undefined) {
    if (worker !== undefined) throw new ConfigError("worker is for events that a queue keeps: give queue too.");
    return null;
  }
  if (typeof propertyOf(queue, openQueue) !== "function") throw new ConfigError(noQueue);
  if (enqueue !== undefined) throw new ConfigError("Events go to one queue: give queue or enqueue, not both.");
  return queue;
}

function readFinding({
  source,
  everyMs = 60_000,
  lookBackMs = 4 * 3_600_000,
}: AircallWebhooksOptions): FindingSettings {
  const settings = {
    source: oneOf("webhook", "poll")({ value: source ?? "webhook", name: "source", fromText: false }),
    everyMs: positive("milliseconds", 86_400_000)({ value: everyMs, name: "everyMs", fromText: false }),
    lookBackMs: positive("milliseconds", 7 * 86_400_000)({ value: lookBackMs, name: "lookBackMs", fromText: false }),
  };
  return settings;
}

function readPath({ url, path, source }: AircallWebhooksOptions): string | null {
  if (url === undefined && path === undefined) {
    if (source === "poll") return null;
    throw new ConfigError(noAddress);
  }
  const pathOfUrl =
    url === undefined ? null : new URL(endpointUrl({ value: url, name: "url", fromText: false })).pathname;
  const read = path === undefined ? pathOfUrl! : requestPath({ value: path, name: "path", fromText: false });
  return read.length > 1 ? read.replace(/\/$/, "") : read;
}

function readHandlers(on: unknown, hasAny: boolean): ReadonlyMap<string, Handler> {
  if (on === undefined && hasAny) return new Map();
  if (kindOf(on) !== "an object")
    throw new ConfigError(`on must name handlers by event, such as { "call.ended": … }; got ${kindOf(on)}.`);
  const handlers = new Map<string, Handler>();
  for (const [name, handler] of Object.entries(fields(on))) {
    if (!isEventName(name)) throw unknownEvent(name);
    if (handler !== undefined) handlers.set(name, requireFunction(handler, `on["${name}"]`));
  }
  if (handlers.size === 0 && !hasAny) throw new ConfigError("on names no event, so that nothing would be handled.");
  return handlers;
}

function unknownEvent(name: string): ConfigError {
  const meant = suggest(name, eventNames);
  return new ConfigError(
    `on: Aircall has no event "${cleanText(name)}" that is known. ${meant ? `Did you mean "${meant}"? ` : ""}A newer one comes to onAny.`,
  );
}

function functionOr<T extends (...args: never) => unknown>(value: T | undefined, name: string): T | null {
  return value === undefined ? null : requireFunction(value, name);
}

function requireFunction<T>(value: T, name: string): T & Handler {
  if (isFunction(value)) return value;
  throw new ConfigError(`${name} must be a function; got ${kindOf(value)}.`);
}

function isFunction<T>(value: T): value is T & Handler {
  return typeof value === "function";
}

function readTokens(list: unknown, name: string): readonly OwnToken[] {
  if (!Array.isArray(list))
    throw new ConfigError(`${name} must be a list, such as [process.env.AIRCALL_WEBHOOK_TOKEN]; got ${kindOf(list)}.`);
  return Array.from(list, (one: unknown, index) => readToken(one, `${name}[${index}]`));
}

function readToken(given: unknown, name: string): OwnToken {
  const token = typeof given === "string" ? given : propertyOf(given, "token");
  const company = propertyOf(given, "company");
  if (typeof token !== "string" || token === "")
    throw new ConfigError(`${name} must be a webhook's token, or { token, company }; got ${kindOf(given)}.`);
  return {
    hash: hashOf(token),
    company: company === undefined ? null : requireCompanyName(company, `${name}.company`),
  };
}

function tokensForOf(tokenFor: TokenFor | null): WebhookSettings["tokensFor"] {
  if (!tokenFor) return null;
  return async function tokensFor(req) {
    const answer = await tokenFor(req);
    if (answer === null || answer === undefined) return [];
    return readTokens(Array.isArray(answer) ? answer : [answer], "tokenFor(req)");
  };
}

const noAddress =
  "aircallWebhooks() needs to know its address: url, where Aircall reaches it, such as " +
  '"https://app.example.com/aircall/events", or path.';

const jobsNeed =
  'Webhooks come without a session, so companies must hold their grants, in a store that is known: aircallAuth({ grants: redisGrants(client), hold: "company" }), ' +
  "or postgresGrants(pool).";

const noToken =
  "With the app's one API key or token, aircallWebhooks() needs its webhook's token: tokens: [process.env.AIRCALL_WEBHOOK_TOKEN]; " +
  "or url, for await events.subscribe(null) to make a webhook.";

const queuedAnswer = "answer is for events that are handled in this process: with queue or enqueue, leave it out.";

const noQueue =
  'queue must be what bullQueue({ connection }) of "express-aircall/bullmq" answers. For a queue of another kind, give enqueue.';
