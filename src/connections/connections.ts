import type { Request } from "express";
import { AircallClient } from "../client/client";
import { readAccount, readKeyAccount } from "../client/account";
import { createStaticGrant } from "../client/static-grant";
import { basicTokens } from "../client/basic-tokens";
import { createProbe } from "../client/ping-probe";
import { requireCompanyName, type CompanyLike, type CompanyName } from "../config/company-id";
import type { Config, KeysConfig } from "../config/config";
import { type Account, budgetOf } from "../grants/grant";
import type { Ownership } from "../grants/ownership";
import type { GrantStore } from "../grants/store";
import { createApi } from "../client/api";
import type { HttpParts } from "../http/parts";
import type { TokenSource } from "../http/credential";
import { renewalEndpoint } from "../oauth/token-endpoint";
import { noStoreTime, type RequestStoreTime } from "../time/store-time";
import { CompanyConnection } from "./company-connection";
import type { Connection, Disconnected } from "./connection";
import { createFixedConnection } from "./fixed-connection";
import { createKeepings } from "./keeping";
import { SessionConnection } from "./session-connection";

/** Finds out whose tokens are used. */
export interface Connections {
  ofRequest(req: Request, asking: RequestAsking): Connection;
  /** For jobs: `store` is where grants live; null where no grant is needed. */
  ofCompany(company: CompanyLike, store: () => GrantStore): Connection;
  /** Waits for renewals under way. */
  close(): Promise<void>;
}

export interface RequestAsking {
  readonly signInPath: string | null;
  /** Default: whatever it runs in. */
  readonly storeTime?: RequestStoreTime;
}

type CompanyAnswer = CompanyLike | null | undefined;

export interface ConnectionsParts {
  readonly config: Config | KeysConfig;
  /** See {@link appKey}; null where the app has no name. */
  readonly app: string | null;
  readonly http: Omit<HttpParts, "tokens">;
  readonly holding: Ownership;
  /** Whose grant a request works with, where the app says so. */
  readonly company: ((req: Request) => CompanyAnswer | Promise<CompanyAnswer>) | null;
  /** Where a request's grants live. */
  readonly grantsFor: (req: Request) => GrantStore;
  readonly disconnected: Disconnected | null;
}

export function createConnections(given: ConnectionsParts): Connections {
  const { config, app, http, holding, company, grantsFor, disconnected } = given;
  if (config.scheme === "Basic") {
    return oneForAll(http, { tokens: basicTokens(config, createProbe(http)), ask: readKeyAccount });
  }
  if (config.scheme === "OAuth" && config.staticTokens) {
    const { tokens, close } = createStaticGrant(config, config.staticTokens, http);
    return oneForAll(http, { tokens, ask: readAccount, close });
  }

  const endpoint = config.scheme === "OAuth" ? renewalEndpoint(config, http.transport) : null;
  const keepings = createKeepings(endpoint, http, { app, hold: holding.hold });
  const keepingFor = (req: Request) => keepings.of(grantsFor(req));
  const parts = { keepingFor, hold: holding.hold, app, disconnected };
  return {
    ofRequest(req, { signInPath, storeTime = noStoreTime }) {
      // No session holds a key: without `company` a request works for nobody.
      if (!company && config.scheme === "OAuth") return new SessionConnection(req, { signInPath, storeTime }, parts);
      const named = async () => whose(await company?.(req));
      return new CompanyConnection({
        keeping: () => keepingFor(req),
        company: named,
        signInPath,
        storeTime,
        lookAgainAfterMs: 10_000,
      });
    },
    ofCompany(company, store) {
      const name = requireCompanyName(company, "clientFor(company)");
      return new CompanyConnection({
        keeping: () => keepings.of(store()),
        company: () => Promise.resolve(name),
        signInPath: null,
        storeTime: noStoreTime,
        lookAgainAfterMs: 0,
        ...(typeof name === "number" && { budget: budgetOf(name) }),
      });
    },
    close: keepings.close,
  };
}

/** What the app's `company` answered: nobody's, or a company that is one. */
function whose(answer: CompanyAnswer): CompanyName | null {
  return answer === null || answer === undefined ? null : requireCompanyName(answer, "company(req)");
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
