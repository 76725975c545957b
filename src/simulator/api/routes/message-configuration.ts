import { randomBytes } from "node:crypto";
import type { MessageConfiguration } from "../../data/messaging";
import type { Ticker } from "../../ticker";
import { done, ok } from "../answers";
import { found, named, type AddEndpoint, type Ask } from "../endpoint";
import { text, webAddress, word } from "../kinds";
import { sendPage } from "../paginate";
import { pageQuery } from "../query";

const needs = "messages";
const path = "/v1/numbers/:id/messages/configuration";
const fields = { callbackUrl: webAddress, type: word("sms", "whatsapp") };

/** Puts a number into API mode and back; and the texts people have prepared. */
export function addMessageConfigurationRoutes(endpoint: AddEndpoint, { ticker }: { ticker: Ticker }): void {
  endpoint(`GET ${path}`, { needs }, (ask) => ok(configurationOf(ask)));

  endpoint(`POST ${path}`, { needs, body: fields }, (ask) => {
    ticker.start();
    const { callbackUrl = null, type = "sms" } = ask.body;
    const configuration = { token: randomBytes(16).toString("hex"), callbackUrl, type };
    ask.company.messaging.configurations.set(numberIdOf(ask), configuration);
    return ok(configuration);
  });

  endpoint(`DELETE ${path}`, { needs }, (ask) => {
    configurationOf(ask);
    ask.company.messaging.configurations.delete(numberIdOf(ask));
    return done;
  });

  endpoint("GET /v1/sms/templates", { needs, query: { ...pageQuery, search: text() } }, ({ req, res, ...ask }) => {
    const wanted = ask.query.search?.toLowerCase() ?? "";
    const items = ask.company.messaging.smsTemplates.filter(({ name, body }) =>
      `${name}\n${body}`.toLowerCase().includes(wanted),
    );
    sendPage(req, res, { key: "templates", items, createdAt: () => 0, perPageMax: 100 });
  });
}

function configurationOf(ask: Pick<Ask, "req" | "company">): MessageConfiguration {
  return found(ask.company.messaging.configurations.get(numberIdOf(ask)), "messaging configuration of a number");
}

function numberIdOf(ask: Pick<Ask, "req" | "company">): number {
  return named(ask.company.numbers, ask, { noun: "number" }).id;
}
