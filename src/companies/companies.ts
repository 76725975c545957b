import { AircallClient } from "../client/client";
import { createApi } from "../client/api";
import { requireCompanyId, type CompanyId } from "../config/company-id";
import type { Connections } from "../connections/connections";
import { disableIntegration } from "../connections/request-aircall";
import { tell } from "../diagnostics";
import { ConfigError } from "../errors/errors";
import type { GrantStore } from "../grants/store";
import type { HttpParts } from "../http/parts";

/** What can be done about a company without a request of its own. */
export interface Companies {
  clientFor(companyId: CompanyId): AircallClient;
  disconnectCompany(companyId: CompanyId): Promise<number>;
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
}

export function createCompanies(parts: CompaniesParts): Companies {
  const { app, connections, http, keepsGrants, disableOnDisconnect } = parts;

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

  async function disconnectCompany(company: CompanyId): Promise<number> {
    const companyId = requireCompanyId(company, "disconnectCompany(companyId)");
    const ids = await knownStore().idsOf(app, companyId);
    if (disableOnDisconnect && ids.length > 0) await disableIntegration(clientFor(companyId));
    await Promise.all(ids.map((id) => knownStore().delete(id)));
    tell("express-aircall:disconnection", { by: "disconnectCompany", grants: ids.length });
    return ids.length;
  }

  return { clientFor, disconnectCompany };
}
