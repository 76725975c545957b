import type { Request } from "express";
import { AircallClient } from "../client/client";
import { createApi } from "../client/api";
import { requireCompanyId, type CompanyId } from "../config/company-id";
import { knownOptions } from "../config/own-options";
import type { Connections } from "../connections/connections";
import { disableIntegration } from "../connections/request-aircall";
import { tell } from "../diagnostics";
import { ConfigError } from "../errors/errors";
import type { GrantStore } from "../grants/store";
import type { HttpParts } from "../http/parts";
import { actOn, type Audit } from "./audit";

/** What can be done about a company without a request of its own. */
export interface Companies {
  clientFor(companyId: CompanyId): AircallClient;
  disconnectCompany(companyId: CompanyId, options?: DisconnectOptions): Promise<number>;
}

export interface DisconnectOptions {
  /** The request that asked for it: `onAudit` hears who acted. Default: a job. */
  req?: Request | undefined;
}

export interface CompaniesParts {
  /** See {@link appKey}. */
  readonly app: string | null;
  readonly connections: Connections;
  readonly http: Omit<HttpParts, "tokens">;
  /** Where grants live; null until it is known. */
  readonly store: () => GrantStore | null;
  /** False with an API key or a token obtained elsewhere: then no grant is kept. */
  readonly keepsGrants: boolean;
  readonly disableOnDisconnect: boolean;
  readonly audit: Audit;
}

export function createCompanies(parts: CompaniesParts): Companies {
  const { app, connections, http, keepsGrants, disableOnDisconnect, audit } = parts;

  function knownStore(): GrantStore {
    const store = parts.store();
    if (store) return store;
    throw new ConfigError("No request has shown yet where grants are kept: give aircallAuth({ grants }) the store.");
  }

  function clientFor(companyId: CompanyId): AircallClient {
    if (keepsGrants) knownStore();
    const { tokens } = connections.ofCompany(companyId, knownStore);
    return new AircallClient(() => createApi({ ...http, tokens }));
  }

  async function disconnectCompany(company: CompanyId, options: DisconnectOptions = {}): Promise<number> {
    const { req = null } = knownOptions(options, "disconnectCompany()", ["req"]);
    const companyId = requireCompanyId(company, "disconnectCompany(companyId)");
    const ids = await knownStore().idsOf(app, companyId);
    if (disableOnDisconnect && ids.length > 0) await disableIntegration(clientFor(companyId));
    const [id] = ids;
    const former =
      audit.on && id !== undefined
        ? await knownStore()
            .get(id)
            .catch(() => null)
        : null;
    await Promise.all(ids.map((id) => knownStore().delete(id)));
    tell("express-aircall:disconnection", { by: "disconnectCompany", grants: ids.length });
    if (ids.length > 0) audit(actOn("disconnect", former, companyId), req);
    return ids.length;
  }

  return { clientFor, disconnectCompany };
}
