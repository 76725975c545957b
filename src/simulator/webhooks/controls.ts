import type { Company } from "../data/company";
import type { Call } from "../data/entities";
import { tellPast } from "../data/calls/call-life";
import { playCall, type PlayOptions } from "../data/calls/play";
import { addWebhook, webhookEvents, type Webhook, type WebhookEvent } from "../data/webhooks";
import type { SimulatorSettings } from "../options";
import type { Ticker } from "../ticker";
import { setTimeout } from "node:timers"; // not those that a test may have stopped
import type { Announcer } from "./announcer";
import type { Delivery, DeliveryBook } from "./delivery";
import { nearest } from "./nearest";
import { readWebhookOptions, type WebhookOptions, type WebhookSettings } from "./options";
import { sampleOf } from "./samples/sample";
import type { Sender } from "./sender";

/** A webhook for `simulator.addWebhook()`. */
export interface NewWebhook {
  url: string;
  /** Default: every event there is. */
  events?: readonly WebhookEvent[] | undefined;
  /** Default: 32 random hexadecimal digits. */
  token?: string | undefined;
  /** As an app makes it, by OAuth, and not an API key. Default false. */
  madeByApp?: boolean | undefined;
  /** Default: the first company. */
  companyId?: number | undefined;
}

/** What the simulator sends, and how a test has a say in it. */
export interface WebhookControls {
  /** Makes a webhook without a request. */
  addWebhook(webhook: NewWebhook): Webhook;
  /**
   * Sends an event to the webhooks that want it, about something of the company as new as the event needs it: a call that
   * rings for `call.created`, one that was tagged for `call.tagged`. `overrides` are put over its `data`, key by key;
   * `undefined` leaves a key out; an `id` of a call says which one. Returns the deliveries, by which `deliveries` tells
   * what became of them.
   * @throws {RangeError} for an event that there is not, unless `overrides` say all of its `data`.
   */
  emit(event: WebhookEvent, overrides?: object, options?: { companyId?: number | undefined }): readonly Delivery[];
  /**
   * Lets a whole call happen at once, its moments in the past: created, rung, answered or not, hung up, ended, recorded
   * and transcribed. Each step waits until the webhooks were tried with the one before. Resolves to the call, live.
   */
  playCall(options?: PlayOptions): Promise<Call>;
  /** Resolves once nothing is on its way, and nothing waits to be tried again. */
  settled(): Promise<void>;
  /** The latest thousand, oldest first. */
  readonly deliveries: readonly Delivery[];
  clearDeliveries(): void;
  /** Sends the same body once more. Returns whether there was such a delivery. */
  sendAgain(deliveryId: number): boolean;
  /** Changes how webhooks are sent from now on; what is not named stays. */
  changeWebhooks(options: WebhookOptions): void;
}

interface Parts {
  readonly companyOrFirst: (companyId?: number) => Company;
  /** Brings everything to this moment. */
  readonly catchUp: () => void;
  readonly announcer: Announcer;
  readonly sender: Sender;
  readonly book: DeliveryBook;
  readonly ticker: Ticker;
  readonly options: { current: WebhookSettings };
}

export function createWebhookControls(parts: Parts, settings: SimulatorSettings): WebhookControls {
  const { companyOrFirst, announcer, sender, book } = parts;
  const { now } = settings;

  return {
    addWebhook({ url, events = [], token, madeByApp = false, companyId }) {
      parts.ticker.start();
      const given = { url, events, ...(token !== undefined && { token }) };
      return addWebhook(companyOrFirst(companyId), given, { madeByApp, now: now() });
    },
    emit(event, overrides = {}, { companyId } = {}) {
      const company = companyOrFirst(companyId);
      const known = webhookEvents.includes(event);
      if (!known && Object.keys(overrides).length === 0) throw unknown(event);
      const { id } = overrides as { id?: unknown };
      const about = { ...settings, ...(typeof id === "number" && { id }) };
      const happening = known ? sampleOf(company, event, about) : { event, data: {} };
      const all = { ...(happening.overrides ?? {}), ...overrides };
      const { ids } = announcer.announce(company, { ...happening, overrides: all });
      return book.all.filter((delivery) => ids.includes(delivery.id));
    },
    playCall(options = {}) {
      const { pauseMs = 0 } = options;
      const announce = (company: Company, happening: Parameters<Announcer["announce"]>[1]) =>
        announcer.announce(company, happening).tried;
      const pause = () => (pauseMs > 0 ? new Promise((resolve) => setTimeout(resolve, pauseMs)) : Promise.resolve());
      return playCall(companyOrFirst(options.companyId), options, { ...settings, announce, pause });
    },
    settled() {
      parts.catchUp();
      return sender.settled();
    },
    get deliveries() {
      return book.all;
    },
    clearDeliveries: book.clear,
    sendAgain: announcer.sendAgain,
    changeWebhooks(options) {
      parts.options.current = readWebhookOptions(options, parts.options.current);
    },
  };
}

function unknown(event: string): RangeError {
  const meant = nearest(event, webhookEvents);
  const hint = meant === null ? "Give it the data that it has." : `Did you mean ${meant}?`;
  return new RangeError(`There is no event ${event}. ${hint}`);
}

/** For calls that are there already: tells of what they have gone through. */
export function tellOf(company: Company, calls: readonly Call[], parts: Pick<Announcer, "tell"> & SimulatorSettings) {
  if (company.webhooks.length === 0) return;
  for (const call of calls) tellPast(company, call, { ...parts, now: parts.now() });
}
