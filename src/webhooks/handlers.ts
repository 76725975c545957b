import type { AircallClient } from "../client/client";
import type { AuthForWebhooks } from "../connections/for-webhooks";
import { tell } from "../diagnostics";
import { ConfigError, WebhookError } from "../errors/errors";
import { within } from "../time/within";
import type { AircallEvent, EventJson, UnnamedEvent } from "./event";
import { clientOf, companyOf } from "./event-company";
import type { AircallEventName } from "./events/names";

/** What to do about each event, by its name. It may come again: make your handler idempotent by `event.id`. */
export type EventHandlers = {
  [Name in AircallEventName]?: ((event: AircallEvent<Name>) => unknown) | undefined;
};

export type AnyEvent = AircallEvent | UnnamedEvent;
export type Handler = (event: UnnamedEvent) => unknown;

export interface HandlersParts {
  readonly on: ReadonlyMap<string, Handler>;
  /** For what `on` does not name; null where the app has none. */
  readonly onAny: Handler | null;
  readonly onError: ((error: unknown, event: UnnamedEvent) => unknown) | null;
  readonly timeoutMs: number;
  readonly auth: Pick<AuthForWebhooks, "keepsGrants" | "clientFor">;
  /** The library's own work on an event, before the app's handler. */
  readonly first: (event: EventJson) => Promise<void>;
  readonly warn?: (message: string) => void;
}

/** The app's handlers, each within its time limit. */
export interface Handlers {
  /** Rejects with what the handler threw, or with a WebhookError when its time is up. */
  run(json: EventJson, late: boolean): Promise<void>;
  /** Tells the app what its handler failed with. Never throws. */
  readonly tellFailure: (error: unknown, json: EventJson) => void;
}

export function createHandlers(parts: HandlersParts): Handlers {
  const { on, onAny, onError, timeoutMs, auth, first, warn = emitWarning } = parts;
  let warned = false;

  function eventOf(json: EventJson, { late, stop }: Run): UnnamedEvent {
    const { id, name, kind, resource, companyId, companyRef, source, data, sentAt, receivedAt } = json;
    const lane = name === "call.created" ? "interactive" : "bulk";
    // Fields one by one: a spread costs more than all else that is done here.
    return {
      id,
      name,
      kind,
      resource,
      companyId,
      companyRef,
      source,
      data,
      timestamp: new Date(sentAt ?? receivedAt),
      late,
      get signal() {
        return stop().signal;
      },
      client: () => new Promise((resolve) => resolve(clientFor(json).withOptions({ lane, signal: stop().signal }))),
    };
  }

  function clientFor(json: EventJson): AircallClient {
    const company = companyOf(json);
    if (company === null && auth.keepsGrants) throw new ConfigError(nobodys);
    return clientOf(auth, company);
  }

  async function handle(json: EventJson, run: Run): Promise<void> {
    await first(json).catch((cause: unknown) => {
      throw new WebhookError("webhook_busy", `What ${json.name} asks for cannot be done now.`, { cause });
    });
    const handler = on.get(json.name) ?? onAny;
    await handler?.(eventOf(json, run));
  }

  return {
    async run(json, late) {
      let made: AbortController | undefined;
      // Created when first used: few handlers look at the signal.
      const stop = () => (made ??= new AbortController());
      const timeUp = () => {
        const error = tooSlow(json.name, timeoutMs);
        stop().abort(error);
        throw error;
      };
      await within({ limitMs: timeoutMs, late: timeUp }, handle(json, { late, stop }));
    },
    tellFailure(error, json) {
      if (!onError && !warned) warn(`express-aircall: a handler of ${json.name} failed. ${toSeeThem}`);
      warned = true;
      const stopped = new AbortController();
      stopped.abort(error);
      const event = eventOf(json, { late: false, stop: () => stopped });
      new Promise((resolve) => resolve(onError?.(error, event))).catch(() =>
        tell("express-aircall:hook-failure", { hook: "onError" }),
      );
    },
  };
}

interface Run {
  readonly late: boolean;
  readonly stop: () => AbortController;
}

function tooSlow(name: string, timeoutMs: number): WebhookError {
  return new WebhookError("webhook_handler_timeout", `The handler of ${name} took longer than ${timeoutMs} ms.`);
}

const nobodys =
  "This event's token does not say whose it is: give aircallWebhooks({ tokens: [{ token, company }] }) the company.";

const toSeeThem = "Give aircallWebhooks({ onError }) to hear of each.";

function emitWarning(message: string): void {
  process.emitWarning(message, { code: "EXPRESS_AIRCALL_WEBHOOKS" });
}
