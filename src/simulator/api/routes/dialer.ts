import type { Company } from "../../data/company";
import type { DialerCampaign } from "../../data/dialer";
import { nextId } from "../../data/ids";
import { onlyDigits } from "../../data/phone-digits";
import { done, ok, Refusal } from "../answers";
import { found, named, take, type AddEndpoint, type Ask } from "../endpoint";
import { required } from "../fields";
import { listOf, text } from "../kinds";
import { sendPage } from "../paginate";
import { pageQuery } from "../query";

const needs = "dialer";
const body = { phone_numbers: required(listOf(text(), { min: 1 })) };
const base = "/v1/users/:id/dialer_campaign";

/** Each user's list of numbers to call. */
export function addDialerRoutes(endpoint: AddEndpoint, { now }: { now: () => number }): void {
  endpoint(`GET ${base}`, { needs }, (ask) => {
    const { numbers: _, ...campaign } = campaignOf(ask);
    return ok({ dialer_campaign: campaign });
  });

  // Adds to the campaign that is there, as one partner's app relies on.
  endpoint(`POST ${base}`, { needs, body }, (ask) => {
    const { company } = ask;
    const user = userOf(ask);
    const before = company.dialerCampaigns.get(user.id);
    const campaign = before ?? { id: nextId(company), number_id: null, created_at: isoNow(), numbers: [] };
    add(ask.body.phone_numbers, campaign, company);
    company.dialerCampaigns.set(user.id, campaign);
    return done;
  });

  endpoint(`DELETE ${base}`, { needs }, (ask) => {
    campaignOf(ask);
    ask.company.dialerCampaigns.delete(userOf(ask).id);
    return done;
  });

  endpoint(`GET ${base}/phone_numbers`, { needs, query: pageQuery }, (ask) => {
    sendPage(ask.req, ask.res, { key: "numbers", items: campaignOf(ask).numbers, createdAt: () => 0 });
  });

  endpoint(`POST ${base}/phone_numbers`, { needs, body }, (ask) => {
    add(ask.body.phone_numbers, campaignOf(ask), ask.company);
    return done;
  });

  endpoint(`DELETE ${base}/phone_numbers/:numberId`, { needs }, (ask) => {
    const { numbers } = campaignOf(ask);
    take(numbers, named(numbers, ask, { noun: "number in this campaign", param: "numberId" }));
    return done;
  });

  function add(phoneNumbers: readonly string[], { numbers }: DialerCampaign, company: Company): void {
    const wanted = [...new Set(phoneNumbers.filter(isE164).map(onlyDigits))];
    if (wanted.length === 0) throw new Refusal(400, "phone_numbers must have at least one number in E.164 format");

    const waiting = wanted.filter((digits) => numbers.some(({ number, called }) => number === digits && !called));
    if (waiting.length > 0) throw refuseWaiting(waiting);
    numbers.push(...wanted.map((number) => ({ id: nextId(company), number, called: false, created_at: isoNow() })));
  }

  function isoNow(): string {
    return new Date(now()).toISOString();
  }
}

function userOf(ask: Pick<Ask, "req" | "company">) {
  return named(ask.company.users, ask, { noun: "user" });
}

function campaignOf(ask: Pick<Ask, "req" | "company">): DialerCampaign {
  return found(ask.company.dialerCampaigns.get(userOf(ask).id), "campaign of a user");
}

/** The observed answer names the numbers; we add nothing when one of them is waiting already. */
function refuseWaiting(waiting: readonly string[]): Refusal {
  const dialer_campaign = waiting.map((digits) => `+${digits} already imported, but not called`);
  return new Refusal(422, "Some numbers are waiting to be called already", { errors: { dialer_campaign } });
}

function isE164(phoneNumber: string): boolean {
  return /^\+[1-9]\d{6,14}$/.test(phoneNumber);
}
