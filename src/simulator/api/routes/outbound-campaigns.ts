import { randomUUID } from "node:crypto";
import { campaignDefaults, campaignOutcomes } from "../../data/outbound-campaigns";
import { onlyDigits } from "../../data/phone-digits";
import { ok } from "../answers";
import { named, type AddEndpoint, type Ask } from "../endpoint";
import { required } from "../fields";
import { text, wholeNumber } from "../kinds";
import { sendPage } from "../paginate";
import { pageQuery } from "../query";

const needs = "outboundCampaigns";
const newCampaign = {
  name: required(text()),
  description: text(),
  caller_id_strategy: text(),
  call_attempts: wholeNumber({ min: 1 }),
  external_ringing_timeout: wholeNumber({ min: 1 }),
  aiva_agent_id: text(),
};

/** The routes that are known of; the wrappers, and what the last two answer, are our choice: nobody has seen them. */
export function addOutboundCampaignsRoutes(endpoint: AddEndpoint): void {
  endpoint("POST /v1/campaigns", { needs, body: newCampaign }, ({ company, body }) => {
    const campaign = { ...campaignDefaults, ...body, id: randomUUID() };
    company.outboundCampaigns.push(campaign);
    const { contacts: _, ...shown } = campaign;
    return ok({ campaign: shown });
  });

  endpoint("GET /v1/campaigns/:id/contacts", { needs, query: { ...pageQuery, phone_number: text() } }, (ask) => {
    const wanted = ask.query.phone_number && onlyDigits(ask.query.phone_number);
    const items = campaignOf(ask).contacts.filter((one) => wanted === undefined || one.phone_number === wanted);
    sendPage(ask.req, ask.res, { key: "contacts", items, createdAt: () => 0 });
  });

  endpoint("GET /v1/campaigns/:id/call_outcomes", { needs }, (ask) => {
    campaignOf(ask);
    return ok({ call_outcomes: [] });
  });

  endpoint("GET /v1/campaign_outcomes", { needs }, () => ok({ campaign_outcomes: campaignOutcomes }));
}

function campaignOf(ask: Pick<Ask, "req" | "company">) {
  return named(ask.company.outboundCampaigns, ask, { noun: "campaign" });
}
