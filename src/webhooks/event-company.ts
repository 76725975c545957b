import type { AircallClient } from "../client/client";
import { companyKey, type CompanyName } from "../config/company-id";
import type { AuthForWebhooks } from "../connections/for-webhooks";
import type { EventCompany } from "./event";

/** Whose an event is; null for the app's one company. */
export function companyOf({ companyId, companyRef }: EventCompany): CompanyName | null {
  return companyRef === null ? companyId : { ref: companyRef };
}

/** What an event says of a company that goes by the app's own name or by Aircall's id; both null for `null`. */
export function eventCompany(company: CompanyName | null): EventCompany {
  if (company === null) return { companyId: null, companyRef: null };
  return typeof company === "number"
    ? { companyId: company, companyRef: null }
    : { companyId: null, companyRef: company.ref };
}

/** How records, locks and events' ids call a company. */
export function keyOf(company: CompanyName | null): string {
  return company === null ? "own" : companyKey(company);
}

export function clientOf(auth: Pick<AuthForWebhooks, "clientFor">, company: CompanyName | null): AircallClient {
  return auth.clientFor(company ?? onlyCompany);
}

/** Whatever is asked for, the app's one key or token is one company's. */
const onlyCompany = 1;
