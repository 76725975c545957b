import type { CompanyLeft } from "../connections/for-webhooks";
import { tell } from "../diagnostics";
import { credentialOf, type Grant } from "../grants/grant";
import { endForCompany } from "../grants/ownership";
import { isExpired } from "../grants/renewal/expiry";
import type { GrantStore } from "../grants/store";
import type { Probe } from "../http/credential";
import { withDeadline } from "../time/deadline";

/** Deliveries come in no order, and clocks differ: within this time of a connection, nobody can tell which came first. */
const unsureMs = 600_000;
const probeTimeoutMs = 5_000;

export interface CompanyLeftParts {
  readonly app: string | null;
  /** Null where no grant is kept. */
  readonly grants: GrantStore | null;
  readonly probe: Probe;
  readonly now?: () => number;
}

/** Ends the grants of a company that has removed the app, unless it has connected since: then Aircall accepts them. */
export function createCompanyLeft({ app, grants, probe, now = Date.now }: CompanyLeftParts) {
  async function isRefused(grant: Grant): Promise<boolean> {
    // Aircall refuses an expired token for that alone: asking would prove nothing.
    if (isExpired(grant, now())) return false;
    const limits = { request: "GET /v1/ping", timeoutMs: probeTimeoutMs };
    const verdict = await withDeadline(limits, (deadline) => probe(credentialOf(grant), deadline)).catch(() => null);
    return verdict === "refused";
  }

  return async function companyLeft(companyId: number, at: Date): Promise<CompanyLeft> {
    if (!grants) return { ended: 0, remaining: 0 };
    const left = await endForCompany(grants, { app, company: companyId }, async (grant) => {
      // A company's own key is no part of the integration.
      if (grant.apiId !== null) return false;
      const olderMs = at.getTime() - grant.connectedAt.getTime();
      return olderMs > unsureMs || (olderMs >= -unsureMs && (await isRefused(grant)));
    });
    tell("express-aircall:disconnection", { by: "integration.deleted", grants: left.ended });
    return left;
  };
}
