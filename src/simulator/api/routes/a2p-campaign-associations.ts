import type { A2pCampaignAssociation } from "../../data/a2p-campaign-association";
import type { Company } from "../../data/company";
import { nextId } from "../../data/ids";
import { created, done, ok, Refusal } from "../answers";
import { named, take, type AddEndpoint, type Ask } from "../endpoint";
import { required } from "../fields";
import { id, listOf, text } from "../kinds";
import { sendPage } from "../paginate";
import { pageQuery } from "../query";

const path = "/v1/a2p_campaign_associations";
const key = "a2p_campaign_associations";
const fields = { external_campaign_id: required(text()), numbers: listOf(id) };

export function addA2pCampaignAssociationsRoutes(endpoint: AddEndpoint, { now }: { now: () => number }): void {
  const isoNow = () => new Date(now()).toISOString();

  endpoint(`GET ${path}`, { query: pageQuery }, ({ req, res, company }) => {
    const createdAt = ({ created_at }: A2pCampaignAssociation) => Date.parse(created_at) / 1000;
    sendPage(req, res, { key, items: company.a2pCampaignAssociations, createdAt });
  });

  endpoint(`POST ${path}`, { body: fields }, ({ company, body: { external_campaign_id, numbers = [] } }) => {
    requireNumbers(company, numbers);
    const association: A2pCampaignAssociation = {
      id: nextId(company),
      company_id: company.id,
      external_id: external_campaign_id,
      update_status: "pending",
      update_message: null,
      created_at: isoNow(),
      updated_at: isoNow(),
      numbers,
    };
    company.a2pCampaignAssociations.push(association);
    return created({ [key]: association });
  });

  endpoint(`PUT ${path}/:id`, { body: fields }, (ask) => {
    const association = associationOf(ask);
    const { external_campaign_id, numbers = association.numbers } = ask.body;
    requireNumbers(ask.company, numbers);
    const changes = { external_id: external_campaign_id, numbers, updated_at: isoNow() };
    return ok({ [key]: Object.assign(association, changes) });
  });

  endpoint(`DELETE ${path}/:id`, {}, (ask) => {
    take(ask.company.a2pCampaignAssociations, associationOf(ask));
    return done;
  });
}

function associationOf(ask: Pick<Ask, "req" | "company">): A2pCampaignAssociation {
  return named(ask.company.a2pCampaignAssociations, ask, { noun: "association" });
}

function requireNumbers({ numbers }: Company, ids: readonly number[]): void {
  const good = ids.every((wanted) => numbers.some(({ id }) => id === wanted));
  if (!good) throw new Refusal(400, "numbers must be ids of the company's numbers");
}
