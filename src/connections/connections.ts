import type { Request } from "express";
import { AircallClient } from "../client/client";
import { readAccount, readKeyAccount } from "../client/account";
import { createStaticGrant } from "../client/static-grant";
import { basicTokens, createProbe } from "../client/tokens";
import { requireCompanyId, type CompanyId } from "../config/company-id";
import type { Config } from "../config/config";
import { type Account, budgetOf } from "../grants/grant";
import { appKey } from "../grants/session-grants";
import type { Ownership } from "../grants/ownership";
import type { GrantStore } from "../grants/store";
import { createApi } from "../client/api";
import type { HttpParts } from "../http/parts";
import type { TokenSource } from "../http/credential";
import { CompanyConnection } from "./company-connection";
import type { Connection, Disconnected } from "./connection";
import { createFixedConnection } from "./fixed-connection";
import { createKeepings } from "./keeping";
import { SessionConnection } from "./session-connection";

/** Finds out whose tokens are used. */
export interface Connections {
  ofRequest(req: Request, signInPath: string | null): Connection;
  /** For jobs: `store` is where grants live; null where no grant is needed. */
  ofCompany(companyId: CompanyId, store: () => GrantStore): Connection;
  /** Waits for renewals under way. */
  close(): Promise<void>;
}

export interface ConnectionsParts {
  readonly config: Config;
  readonly http: Omit<HttpParts, "tokens">;
  readonly holding: Ownership;
  /** Whose grant a request works with, where the app says so. */
  readonly company: ((req: Request) => CompanyId | null | undefined | Promise<CompanyId | null | undefined>) | null;
  /** Where a request's grants live. */
  readonly grantsFor: (req: Request) => GrantStore;
  readonly disconnected: Disconnected | null;
}

export function createConnections(given: ConnectionsParts): Connections {
  const { config, http, holding, company, grantsFor, disconnected } = given;
  if (config.scheme === "Basic") {
    return oneForAll(http, { tokens: basicTokens(config, createProbe(http)), ask: readKeyAccount });
  }
  if (config.staticTokens) {
    const { tokens, close } = createStaticGrant(config, config.staticTokens, http);
    return oneForAll(http, { tokens, ask: readAccount, close });
  }

  const app = config.client && appKey(config.client.id);
  const keepings = createKeepings(config, http, { app, hold: holding.hold });
  const keepingFor = (req: Request) => keepings.of(grantsFor(req));
  const parts = { keepingFor, hold: holding.hold, app, disconnected };
  return {
    ofRequest(req, signInPath) {
      if (!company) return new SessionConnection(req, signInPath, parts);
      const companyId = async () => whose(await company(req));
      return new CompanyConnection({ keeping: () => keepingFor(req), companyId, signInPath, lookAgainAfterMs: 10_000 });
    },
    ofCompany(company, store) {
      const companyId = requireCompanyId(company, "clientFor(companyId)");
      return new CompanyConnection({
        keeping: () => keepings.of(store()),
        companyId: () => Promise.resolve(companyId),
        signInPath: null,
        lookAgainAfterMs: 0,
        budget: budgetOf(companyId),
      });
    },
    close: keepings.close,
  };
}

/** What the app's `company` answered: nobody's, or a company that is one. */
function whose(answer: CompanyId | null | undefined): number | null {
  return answer === null || answer === undefined ? null : requireCompanyId(answer, "company(req)");
}

interface OneForAll {
  readonly tokens: TokenSource;
  readonly ask: (client: AircallClient) => Promise<Account>;
  readonly close?: () => Promise<void>;
}

function oneForAll(http: Omit<HttpParts, "tokens">, { tokens, ask, close = nothing }: OneForAll): Connections {
  const client = new AircallClient(() => createApi({ ...http, tokens }));
  const connection = createFixedConnection(tokens, () => ask(client));
  return { ofRequest: () => connection, ofCompany: () => connection, close };
}

async function nothing(): Promise<void> {}
