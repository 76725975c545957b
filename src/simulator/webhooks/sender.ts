import { clearTimeout, setTimeout } from "node:timers"; // not those that a test may have stopped
import type { OwnedWebhook } from "../data/webhooks";
import type { Sending } from "./delivery";
import type { WebhookSettings } from "./options";
import { createPoster } from "./post";
import { createSlots, type Slots } from "./slots";
import { createUnsettled } from "./unsettled";

export interface Sender {
  /** Sends a delivery, with retries where they are due. Resolves once it was tried for the first time. */
  readonly send: (sending: Sending, options?: { readonly holdMs?: number }) => Promise<void>;
  /** Resolves once nothing is under way, and nothing waits to be tried again. */
  readonly settled: () => Promise<void>;
  /** Gives up what has not arrived. */
  readonly close: () => void;
}

interface Settings {
  readonly options: () => WebhookSettings;
  /** UNIX milliseconds. */
  readonly now: () => number;
}

/** Requests to one address at a time. */
const atOnce = 40;

export function createSender({ options, now }: Settings): Sender {
  const poster = createPoster();
  const slots = new Map<string, Slots>();
  const lanes = new Map<string, Promise<void>>();
  const timers = new Map<Sending, NodeJS.Timeout>();
  const unsettled = createUnsettled<Sending>();
  let closed = false;

  async function attempt(sending: Sending): Promise<void> {
    const { owned } = sending;
    if (closed || owned?.deleted) return finish(sending, "given_up");
    if (owned) sending.url = owned.webhook.url;
    const { timeoutMs } = options();
    const [at, started] = [now(), performance.now()];
    const posted = await slotsOf(sending.url).run(() => poster.post(sending.url, sending.json, { timeoutMs }));
    sending.attempts.push({ ...posted, at, tookMs: Math.round(performance.now() - started) });
    if (isSuccess(posted.status)) return arrived(sending);
    failedOnce(sending);
  }

  function slotsOf(url: string): Slots {
    const found = slots.get(url) ?? createSlots(atOnce);
    slots.set(url, found);
    return found;
  }

  function arrived(sending: Sending): void {
    if (sending.owned) noteSuccess(sending.owned);
    finish(sending, "delivered");
  }

  function failedOnce(sending: Sending): void {
    const { attempts, disableAfter, retryMs } = options();
    const { owned } = sending;
    if (owned) noteFailure(owned, disableAfter);
    const tried = sending.attempts.length;
    if (!owned || closed || tried >= attempts) return finish(sending, "given_up");
    later(sending, retryMs[Math.min(tried, retryMs.length) - 1] ?? 0);
  }

  function later(sending: Sending, ms: number): void {
    const timer = setTimeout(() => {
      timers.delete(sending);
      void attempt(sending);
    }, ms);
    timers.set(sending, timer.unref());
  }

  function finish(sending: Sending, state: Sending["state"]): void {
    sending.state = state;
    unsettled.remove(sending);
  }

  return {
    send(sending, { holdMs } = {}) {
      unsettled.add(sending);
      if (holdMs !== undefined) {
        later(sending, holdMs);
        return Promise.resolve();
      }
      const before = lanes.get(sending.subject) ?? Promise.resolve();
      const tried = before.then(() => attempt(sending));
      lanes.set(sending.subject, tried);
      void tried.then(() => lanes.get(sending.subject) === tried && lanes.delete(sending.subject));
      return tried;
    },
    settled: unsettled.settled,
    close() {
      closed = true;
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
      poster.close();
      for (const sending of unsettled.all()) finish(sending, "given_up");
    },
  };
}

function noteSuccess(owned: OwnedWebhook): void {
  if (owned.switchedOff) owned.webhook.active = true;
  owned.switchedOff = false;
  owned.failures = 0;
}

function noteFailure(owned: OwnedWebhook, disableAfter: number): void {
  owned.failures += 1;
  if (!owned.webhook.active || owned.failures < disableAfter) return;
  owned.webhook.active = false;
  owned.switchedOff = true;
}

function isSuccess(status: number | null): boolean {
  return status !== null && status >= 200 && status < 300;
}
