import { addWebhook, switchWebhook, webhookEvents, type OwnedWebhook, type Webhook } from "../../data/webhooks";
import type { Ticker } from "../../ticker";
import { done, ok, Refusal } from "../answers";
import { found, take, type AddEndpoint, type Ask } from "../endpoint";
import { required } from "../fields";
import { flag, listOf, text, webAddress, word } from "../kinds";
import { sendPage } from "../paginate";
import { orderedQuery } from "../query";

const webhooksPerCompany = 100;
const newFields = { url: required(webAddress), custom_name: text(), events: listOf(word(...webhookEvents)) };
const changeFields = { ...newFields, url: webAddress, active: flag };
const changeQuery = { events_action: word("add", "remove") };

type Caller = Pick<Ask, "res" | "company">;

/** An app sees only the webhooks of apps, an API key only those of API keys. */
export function addWebhooksRoutes(endpoint: AddEndpoint, { now, ticker }: { now: () => number; ticker: Ticker }): void {
  endpoint("GET /v1/webhooks", { query: orderedQuery }, ({ req, res, company }) => {
    const items = ownOf({ res, company }).map(({ webhook }) => webhook);
    const createdAt = ({ created_at }: Webhook) => Date.parse(created_at) / 1000;
    sendPage(req, res, { key: "webhooks", items, createdAt, links: false });
  });

  endpoint("GET /v1/webhooks/:id", {}, (ask) => ok({ webhook: ownedBy(ask).webhook }));

  endpoint("POST /v1/webhooks", { body: newFields }, ({ res, company, body }) => {
    if (company.webhooks.length >= webhooksPerCompany) throw new Refusal(400, "A company has at most 100 webhooks");
    ticker.start();
    const webhook = addWebhook(company, body, { madeByApp: isApp(res), now: now() });
    return ok({ webhook: asWritten(webhook) });
  });

  endpoint("PUT /v1/webhooks/:id", { query: changeQuery, body: changeFields }, (ask) => {
    const owned = ownedBy(ask);
    const { webhook } = owned;
    const { events, custom_name: _, active, ...changes } = ask.body;
    if (active !== undefined) switchWebhook(owned, active);
    const after = eventsAfter(webhook, events, ask.query.events_action);
    return ok({ webhook: asWritten(Object.assign(webhook, changes, { events: after })) });
  });

  endpoint("DELETE /v1/webhooks/:id", {}, (ask) => {
    const owned = ownedBy(ask);
    owned.deleted = true;
    take(ask.company.webhooks, owned);
    return done;
  });
}

/** Aircall's trap: an update that names no events subscribes to all of them. */
function eventsAfter(
  { events: before }: Webhook,
  named: Webhook["events"] | undefined,
  action: "add" | "remove" | undefined,
): Webhook["events"] {
  if (named === undefined || named.length === 0) return webhookEvents;
  if (action === "add") return [...new Set([...before, ...named])];
  if (action === "remove") return before.filter((event) => !named.includes(event));
  return named;
}

/** A webhook as writes answer it: without the numeric id, and never with the name that was given. */
function asWritten({ id: _, ...webhook }: Webhook): object {
  return webhook;
}

function ownOf({ res, company }: Caller): readonly OwnedWebhook[] {
  return company.webhooks.filter(({ madeByApp }) => madeByApp === isApp(res));
}

/** The webhook that the path names, by UUID or by the older numeric id. */
function ownedBy(ask: Caller & Pick<Ask, "req">): OwnedWebhook {
  const wanted = String(ask.req.params["id"]);
  const owned = ownOf(ask).find(({ webhook }) => webhook.webhook_id === wanted || String(webhook.id) === wanted);
  return found(owned, "webhook");
}

function isApp(res: Ask["res"]): boolean {
  return res.locals["oauth"] === true;
}
