import type { IncomingMessage, ServerResponse } from "node:http";
import { requireCompanyName, type CompanyLike, type CompanyName } from "../config/company-id";
import { knownOptions } from "../config/own-options";
import { kindOf } from "../config/values";
import { tell } from "../diagnostics";
import { ArgumentError, ConfigError, WebhookError } from "../errors/errors";
import type { GrantStore } from "../grants/store";
import { memoryGrants } from "../grants/stores/memory";
import { targetOf } from "../sign-in/request-target";
import { onStoreTimeOf } from "../time/store-time";
import { createFinding } from "./catch-up/finding";
import type { CaughtUp } from "./catch-up/catch-up";
import { createDeliveries } from "./deliveries";
import { refuse, send } from "./delivery-answer";
import type { Engine, EventStats, FailedEvent, Taken } from "./engine";
import type { EventJson } from "./event";
import { companyOf } from "./event-company";
import { readEventJson } from "./event-json";
import { openQueue, readWorkOptions, type WorkOptions } from "./event-queue";
import { createHandlers } from "./handlers";
import { createDeadLetters } from "./in-process/dead-letters";
import { InProcessEngine } from "./in-process/engine";
import { createOnce } from "./in-process/once";
import { createOwnOnce } from "./in-process/own-once";
import { createIntegrationDeleted } from "./integration-deleted";
import { readWebhookOptions, type AircallWebhooksOptions, type WebhookSettings } from "./options";
import { createQueueing } from "./queueing";
import type { DeliveryRequest } from "./read-body";
import { rememberedMs } from "./remembered";
import { createSubscribing, type CheckedWebhooks } from "./subscriptions/subscribing";
import { createTokenBook, type TokenBook } from "./token-book";

/** Options of `events.catchUp()`. */
export interface CatchUpOptions {
  /** Events that happened from then on. Default: from the newest that was handled, less `lookBackMs`. */
  since?: Date | undefined;
}

/** The middleware that receives Aircall's webhooks, and what can be done about events beside. */
export interface AircallWebhooks {
  (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void): void;
  /**
   * Handles what `enqueue` was given, in any process that has the same `on`; an event that was handled before is done at
   * once. Rejects with what the handler threw, so that the queue tries again.
   * @throws {ArgumentError} it is no event. @throws {WebhookError} `webhook_busy`: another process handles it.
   */
  readonly handle: (json: EventJson | string) => Promise<void>;
  /**
   * Handles events of `queue` in this process, `concurrency` at a time; a process without HTTP needs nothing else.
   * @throws {ConfigError} there is no queue.
   */
  readonly worker: (options?: WorkOptions) => void;
  /**
   * Looks through Aircall's lists for what has happened to a company since then, by default since its newest event, and
   * hands on what never came: `source` is `caughtUp`. It begins by itself where nobody has listened for two minutes.
   * Calls begun, answered, hung up, ended, voicemails, contacts made and changed, at most 7 days back; in the bulk lane.
   * With the app's one API key or token `company` may be null.
   * @throws {NotConnectedError} the company is not connected. @throws {ArgumentError} `since` is no Date.
   */
  readonly catchUp: (company: CompanyLike | null, options?: CatchUpOptions) => Promise<CaughtUp>;
  /**
   * Makes a company's webhook, or adds to it what it does not send yet, and keeps its token's hash. With `url`, what a
   * company that connects gets by itself. With the app's one API key or token `company` may be null; its token is known
   * to this process then, so call it at every start.
   * @throws {ConfigError} without `url`. @throws {AircallError} Aircall or the store failed.
   */
  readonly subscribe: (company: CompanyLike | null) => Promise<void>;
  /**
   * Removes a company's webhook; none is made by itself until the company connects anew, or `subscribe(company)`.
   * @throws {ConfigError} without `url`. @throws {AircallError} Aircall or the store failed.
   */
  readonly unsubscribe: (company: CompanyLike | null) => Promise<void>;
  /**
   * Makes the webhook of a company, or of each that is connected, what it is to be: with exactly the events that are named,
   * at `url`, switched on. The same happens every 15 minutes by itself, but there events that nobody names go a day
   * after they were first seen. Others' webhooks are not touched.
   * @throws {ConfigError} without `url`. @throws {StoreError} companies could not be listed.
   */
  readonly check: (company?: CompanyLike | null) => Promise<CheckedWebhooks>;
  /** What is in hand: in this process, or with a queue in all that share it, but for `handled`. */
  readonly stats: () => Promise<EventStats>;
  /** The dead letters: events whose handlers failed, of all processes, in no order; kept for 7 days, 1,000 of them. */
  readonly failed: () => AsyncGenerator<FailedEvent, void>;
  /** Hands a failed event on again, its source `replayed`. False when there is none; rejects with what the handler threw. */
  readonly retry: (id: string) => Promise<boolean>;
  /** Forgets a failed event. False when there is none. */
  readonly discard: (id: string) => Promise<boolean>;
  /** Takes nothing more, and waits for handlers at work. Call it when the server has closed, and before `auth.close()`. */
  readonly close: () => Promise<void>;
}

/**
 * Receives Aircall's webhooks: `app.use(aircallWebhooks({ auth, url, on }))`, before or after any body parser. Each event
 * is handed on once, over all processes that share a store of grants; at least once where that store fails, or a process
 * is killed.
 * @throws {ConfigError} at once, when an option is missing, misspelt or impossible.
 */
export function aircallWebhooks(options: AircallWebhooksOptions): AircallWebhooks {
  const settings = readWebhookOptions(options);
  const { auth, path } = settings;
  const store = auth.grants ?? memoryGrants();
  const book = createTokenBook(auth.keepsGrants ? store.records(`webhook-tokens:${auth.app}`) : null);
  const { engine, work } = createEngine(settings, { store, book });
  const read = createDeliveries(settings, book);
  const names = (name: string) => settings.on.has(name) || settings.onAny !== null;
  const finding = createFinding({ ...settings.finding, auth, store, engine, names });

  const subscribing = createSubscribing({
    ...{ auth, store, book, settings: settings.subscribing, listen: settings.listen },
    catchUp: (company) => finding.catchUp(company, undefined),
  });

  async function take(json: EventJson): Promise<Taken> {
    const taken = await engine.take(json);
    if (taken !== "busy" && json.sentAt !== null) void finding.marks.note(companyOf(json), json.sentAt);
    return taken;
  }

  async function receive(req: DeliveryRequest, res: ServerResponse): Promise<void> {
    const startedAt = performance.now();
    let event: string | null = null;
    try {
      const events = await read(req);
      event = events[0]?.name ?? null;
      const taken = await Promise.all(events.map((json) => take(json)));
      if (taken.includes("busy")) throw busy();
      send(res, 200);
      tell("express-aircall:delivery", { status: 200, code: null, event, durationMs: performance.now() - startedAt });
    } catch (error) {
      if (!(error instanceof WebhookError)) throw error;
      refuse(req, res, error);
      const { status, code } = error;
      tell("express-aircall:delivery", { status, code, event, durationMs: performance.now() - startedAt });
    }
  }

  function webhooks(req: DeliveryRequest, res: ServerResponse, next: (error?: unknown) => void): void {
    if (path === null || withoutSlash(targetOf(req.originalUrl ?? req.url ?? "").path) !== path) return next();
    // Following a request for its waits costs more than all else here: where no store is asked, nothing is followed.
    const received = auth.grants ? onStoreTimeOf(req, res, () => receive(req, res)) : receive(req, res);
    received.catch(next);
  }

  return Object.assign(webhooks, {
    handle: async (json: EventJson | string) => engine.handle(readEventJson(json)),
    catchUp: async (company: CompanyLike | null, options: CatchUpOptions = {}) =>
      finding.catchUp(nameOrNull(company, "catchUp"), readSince(options)),
    subscribe: async (company: CompanyLike | null) => subscribing.subscribe(nameOrNull(company, "subscribe")),
    unsubscribe: async (company: CompanyLike | null) => subscribing.unsubscribe(nameOrNull(company, "unsubscribe")),
    check: async (company?: CompanyLike | null) =>
      subscribing.check(company === undefined ? undefined : nameOrNull(company, "check")),
    worker: (options: WorkOptions = {}) => work(readWorkOptions(options)),
    stats: () => engine.stats(),
    failed: () => engine.failed(),
    retry: (id: string) => engine.retry(id),
    discard: (id: string) => engine.discard(id),
    async close() {
      finding.close();
      await subscribing.close();
      await engine.close();
    },
  });
}

function nameOrNull(company: CompanyLike | null, method: string): CompanyName | null {
  return company === null ? null : requireCompanyName(company, `events.${method}(company)`);
}

function readSince(options: CatchUpOptions): Date | undefined {
  const { since } = knownOptions(options, "events.catchUp(company, options)", ["since"]);
  if (since === undefined || (since instanceof Date && Number.isFinite(since.getTime()))) return since;
  throw new ArgumentError(`events.catchUp(company, { since }) takes a Date; got ${kindOf(since)}.`);
}

interface EngineParts {
  readonly store: GrantStore;
  readonly book: TokenBook;
}

interface Engines {
  readonly engine: Engine;
  readonly work: (options: WorkOptions) => void;
}

function createEngine(settings: WebhookSettings, { store, book }: EngineParts): Engines {
  const { auth, on, onAny, onError, answer, enqueue, queue, works, handlerTimeoutMs: timeoutMs } = settings;
  const first = createIntegrationDeleted({ auth, book });
  const handlers = createHandlers({ on, onAny, onError, timeoutMs, auth, first });
  const once = auth.grants
    ? createOnce({ store: auth.grants, app: auth.app, keepMs: rememberedMs })
    : createOwnOnce({ keepMs: rememberedMs });
  const letters = createDeadLetters(store.records(`failed-events:${auth.app}`));
  const inProcess = new InProcessEngine({ answer, handlers, once, letters });
  if (queue) {
    const engine = queue[openQueue]({ app: auth.app, handlers, fallback: inProcess });
    if (works) engine.work({});
    return { engine, work: (options) => engine.work(options) };
  }
  const engine = enqueue ? createQueueing(inProcess, { enqueue, failed: handlers.tellFailure }) : inProcess;
  return { engine, work: refuseToWork };
}

function refuseToWork(): never {
  throw new ConfigError("events.worker() handles what a queue keeps: give aircallWebhooks({ queue }).");
}

function busy(): WebhookError {
  return new WebhookError("webhook_busy", "The event is being handled elsewhere, or cannot be taken now.");
}

function withoutSlash(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}
