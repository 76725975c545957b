import { type Id, ofList, route } from "../http/route";
import { walk } from "../pagination/iterate";
import type { IterateOptions } from "../pagination/options";
import { byToken } from "../pagination/token-pages";
import type { CallOptions } from "../http/options";
import type { Api } from "./api";
import { list } from "./list";
import type { SmsTemplate, WhatsAppTemplate, WhatsAppTemplatePage } from "./message";
import type { Open, PageQuery } from "./wire";

/** Which templates; all of them without it. */
export interface SmsTemplateQuery extends PageQuery {
  /** 1 to 100, as one client knows it; more counts as 100. 20 by default, 50 in a walk. */
  per_page?: number | undefined;
  /** Looks in names and bodies. */
  search?: string | undefined;
}

/** Templates that match every field given. */
export interface WhatsAppTemplateQuery {
  status?: Open<"APPROVED" | "REJECTED" | "PAUSED" | "PENDING"> | undefined;
  category?: Open<"UTILITY" | "MARKETING" | "AUTHENTICATION"> | undefined;
  /** `pageInfo.nextToken` of the page before. */
  token?: number | undefined;
  limit?: number | undefined;
  sort?: "asc" | "desc" | undefined;
}

/** Rows of `messages`: what texts may be written from. */
export const messageTemplates = (http: Api) => {
  const smsTemplates = list<SmsTemplate, SmsTemplateQuery>(http, {
    route: ofList(route`GET /v1/sms/templates`, { key: "templates", maxPerPage: 100 }),
    key: "templates",
  });
  const whatsAppTemplatesOf = (numberId: Id) =>
    ofList(route`GET /v1/numbers/${numberId}/templates`, { key: "templates" });
  const listWhatsAppTemplates = (numberId: Id, query?: WhatsAppTemplateQuery, options?: CallOptions) =>
    http.send<WhatsAppTemplatePage>(whatsAppTemplatesOf(numberId), null, options, query);

  return {
    /** One page. */
    listSmsTemplates: smsTemplates.page,
    /** Every template once. */
    iterateSmsTemplates: smsTemplates.iterate,
    /** One page, with the token of the next. */
    listWhatsAppTemplates,
    /** Every template once. */
    iterateWhatsAppTemplates: (
      numberId: Id,
      query: Omit<WhatsAppTemplateQuery, "token"> = {},
      options?: IterateOptions,
    ) => {
      const templates = byToken(http, {
        ask: (further, chosen) => listWhatsAppTemplates(numberId, { ...query, ...further }, chosen),
        parameter: "token",
        info: "pageInfo",
        next: "nextToken",
        total: "totalCount",
      });
      const listed = { route: whatsAppTemplatesOf(numberId), key: "templates", unsized: true } as const;
      return walk<WhatsAppTemplate>(templates, listed, { options, query: { ...query, per_page: undefined } });
    },
  };
};
