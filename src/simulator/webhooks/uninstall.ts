import type { Company } from "../data/company";
import type { Tell } from "../data/happening";

/** What the end of an integration does: its app is told, and its webhooks are gone. */
export function uninstall(company: Company, tell: Tell): void {
  const { id: company_id, integration, webhooks } = company;
  tell(company, { event: "integration.deleted", data: { integration_id: integration.id, company_id } });
  webhooks.splice(0, Infinity, ...webhooks.filter(({ madeByApp }) => !madeByApp));
}
