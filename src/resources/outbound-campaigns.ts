import type { CallOptions } from "../http/options";
import type { Api } from "./api";
import { route } from "../http/route";
import type { Open, PageQuery } from "./wire";

/** A campaign that calls people one after the other. Its answer was not seen: expect fields to be missing. */
export interface OutboundCampaign {
  /** A UUID. */
  id: string;
  /** `draft` calls nobody; `in_progress` was launched; `paused` keeps its queue. */
  status?: Open<"draft" | "in_progress" | "paused" | "completed" | "archived">;
  name?: string;
  description?: string | null;
  caller_id_strategy?: Open<"agent_number_pool"> | null;
  call_attempts?: number | null;
  external_ringing_timeout?: number | null;
  aiva_agent_id?: string | null;
}

/** A campaign to be made, as Aircall's guide shows it. Whether there are more inputs is not known. */
export interface NewOutboundCampaign {
  name: string;
  description?: string | undefined;
  /** `agent_number_pool` shows the number of the agent who picks up. */
  caller_id_strategy?: Open<"agent_number_pool"> | undefined;
  /** Attempts for each contact; 3 in the guide. */
  call_attempts?: number | undefined;
  /** Seconds, it seems; 30 in the guide. */
  external_ringing_timeout?: number | undefined;
  /** The AI voice agent that calls, by its id in the Dashboard. */
  aiva_agent_id?: string | undefined;
}

/** Somebody to be called. Null is what Aircall does not know. */
export interface OutboundCampaignContact {
  /** Digits of the international number, without the `+`. */
  phone_number: string | null;
  first_name: string | null;
  last_name: string | null;
  email: string | null;
  company_name: string | null;
  /** Free text given with the contact. */
  note: string | null;
}

/** Which of a campaign's contacts; all of them without it. */
export interface OutboundCampaignContactQuery extends PageQuery {
  /** E.164; one contact at most has it. */
  phone_number?: string | undefined;
}

/**
 * Outbound Campaigns, apart from the Power Dialer (`dialerCampaigns`). For companies that have them (else 403
 * `not_entitled`); those of people and those of AI voice agents are booked apart.
 *
 * Not as sure as the other nouns: Aircall's reference of them was not seen. How sure is said at each; how contacts are
 * added and a campaign is launched is not known, so ask for that by `request()`.
 * @see https://developer.aircall.io/
 */
export const outboundCampaigns = (http: Api) => ({
  /**
   * Makes a `draft`, which calls nobody. Never sent twice. Fairly sure: route and input are in Aircall's guide, the
   * answer is not.
   */
  create: (campaign: NewOutboundCampaign, options?: CallOptions) =>
    http.send<OutboundCampaign>(route`POST /v1/campaigns`, "campaign", options, campaign),
  /** One page. Fairly sure: one client uses it with `phone_number`; longer lists were not seen. */
  listContacts: (id: string, query?: OutboundCampaignContactQuery, options?: CallOptions) =>
    http.page<OutboundCampaignContact>(
      { route: route`GET /v1/campaigns/${id}/contacts`, key: "contacts" },
      options,
      query,
    ),
  /** What came of the campaign's calls. Not sure: one client names the route. The whole answer, whatever it holds. */
  getCallOutcomes: (id: string, options?: CallOptions) =>
    http.send<object>(route`GET /v1/campaigns/${id}/call_outcomes`, null, options),
  /** The outcomes that the company's agents may choose from. As sure as `getCallOutcomes`. The whole answer. */
  getOutcomes: (options?: CallOptions) => http.send<object>(route`GET /v1/campaign_outcomes`, null, options),
});
