import { readCompanyId } from "../config/company-id";
import type { AuthForWebhooks } from "../connections/for-webhooks";
import type { EventJson } from "./event";
import { own } from "./parse/envelope";
import type { TokenBook } from "./token-book";

export interface IntegrationDeletedParts {
  readonly auth: Pick<AuthForWebhooks, "keepsGrants" | "companyLeft">;
  readonly book: Pick<TokenBook, "forgetting">;
}

/** Ends what a company gave to this app once it has removed it there: its grants, and the tokens of its webhooks. */
export function createIntegrationDeleted({ auth, book }: IntegrationDeletedParts): (event: EventJson) => Promise<void> {
  return async function endIfRemoved(event) {
    if (event.name !== "integration.deleted" || event.kind !== "webhook" || !auth.keepsGrants) return;
    const companyId = readCompanyId(own(event.data, "company_id"));
    if (companyId === null || companyId !== event.companyId || event.sentAt === null) return;
    // The tokens are found first: those that a later connection keeps are not among them.
    const forget = await book.forgetting(event);
    const { remaining } = await auth.companyLeft(companyId, new Date(event.sentAt));
    if (remaining === 0) await forget();
  };
}
