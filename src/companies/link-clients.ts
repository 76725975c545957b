import type { Request } from "express";
import { createApi } from "../client/api";
import { AircallClient } from "../client/client";
import type { Connections } from "../connections/connections";
import type { GrantStore } from "../grants/store";
import type { HttpParts } from "../http/parts";
import type { Audit } from "./audit";
import { tellActs } from "./audited-requests";
import type { LinkTarget } from "./link-tokens";

export interface LinkClientsParts {
  readonly connections: Connections;
  readonly http: Omit<HttpParts, "tokens">;
  /** Null where no grant is kept: then the app's one company is the only one. */
  readonly grants: GrantStore | null;
  readonly audit: Audit;
}

/**
 * Makes the client of a link's company, in the name of the request that opened it. It rejects with a NotConnectedError or
 * a ReconnectRequiredError where the company is not connected, as far as is known without asking Aircall.
 */
export function createLinkClients({ connections, http, grants, audit }: LinkClientsParts) {
  return async function clientOf({ company }: LinkTarget, req: Request): Promise<AircallClient> {
    // Where no grant is kept, whatever is asked for is the app's one company.
    const connection = connections.ofCompany(company ?? onlyCompany, () => grants!);
    await connection.require();
    return new AircallClient(() => createApi({ ...http, tokens: connection.tokens, onDone: tellActs(audit, req) }));
  };
}

const onlyCompany = 1;
