import type { Request } from "express";
import { AircallClient } from "../client";
import { readAccount, readKeyAccount } from "../client/account";
import { basicTokens, createProbe } from "../client/tokens";
import type { Config, StaticTokens } from "../config/config";
import { accepted, type Account } from "../grants/grant";
import { appKey } from "../grants/held";
import { memoryGrants } from "../grants/memory-store";
import type { Holding } from "../grants/holding";
import type { GrantStore } from "../grants/store";
import { createHttp, type HttpParts, type TokenSource } from "../http/http";
import { CompanyConnection } from "./company-connection";
import { lookedUp, type Connection } from "./connection";
import { createFixedConnection } from "./fixed-connection";
import { createKeepings, type Keepings } from "./keeping";
import { SessionConnection } from "./session-connection";

const aYearMs = 31_536_000_000;

/** Finds out whose tokens are used. */
export interface Connections {
  ofRequest(req: Request, signInPath: string | null): Connection;
  /** For jobs: `store` is where grants live; null where no grant is needed. */
  ofCompany(companyId: number, store: () => GrantStore): Connection;
  /** Waits for renewals under way. */
  close(): Promise<void>;
}

export interface ConnectionsParts {
  readonly config: Config;
  readonly http: Omit<HttpParts, "tokens">;
  readonly holding: Holding;
  /** Whose grant a request works with, where the app says so. */
  readonly company: ((req: Request) => number | null | undefined | Promise<number | null | undefined>) | null;
  /** Where a request's grants live. */
  readonly grantsFor: (req: Request) => GrantStore;
}

export function createConnections({ config, http, holding, company, grantsFor }: ConnectionsParts): Connections {
  if (config.scheme === "Basic") {
    return oneForAll(basicTokens(config, createProbe(http)), http, readKeyAccount, () => Promise.resolve());
  }
  const keepings = createKeepings(config, http);
  if (config.staticTokens) {
    return oneForAll(staticGrant(config.staticTokens, keepings), http, readAccount, keepings.close);
  }

  const keepingFor = (req: Request) => keepings.of(grantsFor(req));
  const parts = { keepingFor, holding, app: config.client && appKey(config.client.id) };
  return {
    ofRequest(req, signInPath) {
      if (!company) return new SessionConnection(req, signInPath, parts);
      const companyId = async () => (await company(req)) ?? null;
      return new CompanyConnection(() => keepingFor(req), companyId, signInPath);
    },
    ofCompany: (companyId, store) =>
      new CompanyConnection(
        () => keepings.of(store()),
        () => Promise.resolve(companyId),
        null,
      ),
    close: keepings.close,
  };
}

function oneForAll(
  tokens: TokenSource,
  http: Omit<HttpParts, "tokens">,
  ask: (client: AircallClient) => Promise<Account>,
  close: () => Promise<void>,
): Connections {
  const client = new AircallClient(() => createHttp({ ...http, tokens }));
  const connection = createFixedConnection(tokens, () => ask(client));
  return { ofRequest: () => connection, ofCompany: () => connection, close };
}

/** A token obtained elsewhere is a grant like any other, kept in this process. */
function staticGrant(tokens: StaticTokens, keepings: Keepings): TokenSource {
  const keeping = keepings.of(memoryGrants());
  const account = { id: null, name: null, user: null };
  const created = keeping.store.create({ ...tokens, ...accepted, app: null, account }, aYearMs);
  const found = created.then((id) => keeping.tokensOf(id, null));
  return lookedUp(() => found);
}
