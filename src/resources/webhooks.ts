import { lookingFirst } from "../http/answer";
import { type Id, route, withQuery } from "../http/route";
import type { CallOptions } from "../http/options";
import type { Api } from "./api";
import { type Confirmed, sendConfirmed } from "./confirm";
import { list } from "./list";
import type { OrderedQuery } from "./wire";

/** Where Aircall sends events, and which. */
export interface Webhook {
  /** A UUID. */
  webhook_id: string;
  /** The older id; from `get`, `list` and `iterate` only. */
  id?: number;
  direct_link: string;
  /** ISO 8601, UTC. */
  created_at: string;
  /** In no recorded answer. */
  custom_name?: string;
  url: string;
  /** Aircall sets it to false after too many failed deliveries. */
  active: boolean;
  /** Secret: every delivery carries it, and whoever knows it can forge one. */
  token: string;
  /** E.g. `call.ended`. */
  events: string[];
}

/** Where events go, and which. */
export interface NewWebhook {
  /** https only. */
  url: string;
  /** `Webhook` by default. */
  custom_name?: string | undefined;
  /** E.g. `call.ended`. Left out or empty means every event there is. */
  events?: readonly string[] | undefined;
}

/** What to change about a webhook. */
export interface WebhookChanges {
  /** Required, because Aircall subscribes a webhook that is updated without events to every event there is. */
  events: readonly string[];
  /** `add` and `remove` apply `events` to what is subscribed; without it they replace it. */
  events_action?: "add" | "remove" | undefined;
  /** https only. */
  url?: string | undefined;
  custom_name?: string | undefined;
  /** True starts a stopped webhook again. */
  active?: boolean | undefined;
}

/**
 * Subscriptions to events, up to 100 a company. OAuth sees those of this app; an API key those of the Dashboard and of
 * API keys.
 * @see https://developers.aircall.io/api-references/#webhooks
 */
export const webhooks = (http: Api) => {
  const all = list<Webhook, OrderedQuery>(http, { route: route`GET /v1/webhooks`, key: "webhooks", id: "webhook_id" });

  return {
    /** One page. */
    list: all.page,
    /** Every webhook once. */
    iterate: all.iterate,
    /** By `webhook_id`; the numeric ids of old still work. @throws {ApiError} 404 `not_found`. */
    get: (id: Id, options?: CallOptions) => http.send<Webhook>(route`GET /v1/webhooks/${id}`, "webhook", options),
    /** Never sent twice. */
    create: (webhook: NewWebhook, options?: CallOptions) =>
      http.send<Webhook>(route`POST /v1/webhooks`, "webhook", options, webhook),
    /** Answers the webhook as it is then. @throws {ApiError} 404 `not_found`. */
    update: (id: Id, changes: WebhookChanges, options?: CallOptions) =>
      lookingFirst("PUT /v1/webhooks/:id", () => {
        const { events_action } = changes;
        const target = withQuery(route`PUT /v1/webhooks/${id}`, { events_action });
        return http.send<Webhook>(target, "webhook", options, withoutAction(changes));
      }),
    /**
     * Deletes the webhook and its `token` for good: another webhook has one of its own. `remove(id, { confirm: id })`;
     * to stop it only, `update` it with `active: false`.
     */
    remove: (id: Id, options: Confirmed) =>
      sendConfirmed(http, { route: route`DELETE /v1/webhooks/${id}`, id }, options),
  };
};

/**
 * The body, without `events_action`, which travels in the query. Anything but an object stays what it is, so that it is
 * refused: an empty body would ask for every event.
 */
function withoutAction(changes: WebhookChanges): object {
  if (!Object.hasOwn(changes, "events_action")) return changes;
  const { events_action: _, ...body } = changes;
  return body;
}
