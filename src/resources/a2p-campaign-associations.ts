import { type Id, route } from "../http/route";
import type { CallOptions } from "../http/options";
import type { Api } from "./api";
import { list } from "./list";
import type { PageQuery } from "./wire";

/** Which of the company's numbers send texts under which campaign of The Campaign Registry. */
export interface A2pCampaignAssociation {
  id: number;
  company_id: number;
  external_id: string;
  update_status: string | null;
  update_message: string | null;
  /** Text; its format is not documented. */
  created_at: string;
  /** As `created_at`. */
  updated_at: string;
  /** Ids of numbers. */
  numbers: number[] | null;
}

/** A campaign registered elsewhere, and the numbers that send for it. */
export interface NewA2pCampaignAssociation {
  external_campaign_id: string;
  /** Ids of numbers. */
  numbers?: readonly number[] | undefined;
}

/**
 * For those who resell text messages in the USA. Aircall's reference no longer shows these; they are as one client
 * knows them.
 * @see https://developers.aircall.io/api-references/
 */
export const a2pCampaignAssociations = (http: Api) => {
  const key = "a2p_campaign_associations";
  const all = list<A2pCampaignAssociation, PageQuery>(http, { route: route`GET /v1/a2p_campaign_associations`, key });

  return {
    /** One page. */
    list: all.page,
    /** Every association once. */
    iterate: all.iterate,
    /** Never sent twice. */
    create: (association: NewA2pCampaignAssociation, options?: CallOptions) =>
      http.send<A2pCampaignAssociation>(route`POST /v1/a2p_campaign_associations`, key, options, association),
    /** Answers the association as it is then. @throws {ApiError} 404 `not_found`. */
    update: (id: Id, association: NewA2pCampaignAssociation, options?: CallOptions) =>
      http.send<A2pCampaignAssociation>(route`PUT /v1/a2p_campaign_associations/${id}`, key, options, association),
    /** Ends the association; `create` makes another one, with an id of its own. @throws {ApiError} 404 `not_found`. */
    remove: (id: Id, options?: CallOptions) =>
      http.send<void>(route`DELETE /v1/a2p_campaign_associations/${id}`, null, options),
  };
};
