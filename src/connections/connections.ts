import type { Request } from "express";
import { AircallClient } from "../client";
import { readAccount, readKeyAccount } from "../client/account";
import { basicTokens, createProbe } from "../client/tokens";
import type { Config, OAuthConfig, StaticTokens } from "../config/config";
import { createGrantTokens } from "../grants/grant-tokens";
import { memoryGrants } from "../grants/memory-store";
import { createRenewals, type Renewals } from "../grants/renew";
import type { GrantStore } from "../grants/store";
import { createHttp, type HttpParts, type TokenSource } from "../http/http";
import type { Transport } from "../http/transport";
import { createTokenEndpoint } from "../oauth/token-endpoint";
import { lookedUp } from "./connection";
import { createFixedConnection } from "./fixed-connection";
import { RequestAircall } from "./request-aircall";
import { SessionConnection, type GrantKeeping } from "./session-connection";

const aYearMs = 31_536_000_000;

/** Finds out whose client a request gets. */
export interface Connections {
  of(req: Request, signInPath: string | null): RequestAircall;
  /** Waits for renewals under way. */
  close(): Promise<void>;
}

export interface ConnectionsParts {
  readonly config: Config;
  readonly transport: Transport;
  /** Where a request's grants live. */
  readonly grantsFor: (req: Request) => GrantStore;
}

export function createConnections({ config, transport, grantsFor }: ConnectionsParts): Connections {
  const parts = { apiUrl: config.apiUrl, timeoutMs: config.timeoutMs, transport };
  if (config.scheme === "Basic") {
    const tokens = basicTokens(config, createProbe(parts));
    const connection = createFixedConnection(tokens, () => readKeyAccount(clientOf(parts, tokens)));
    return { of: () => new RequestAircall(connection, parts), close: () => Promise.resolve() };
  }

  const keeping = createKeeping(config, parts);
  if (config.staticTokens) {
    const tokens = staticGrant(config.staticTokens, keeping.of);
    const connection = createFixedConnection(tokens, () => readAccount(clientOf(parts, tokens)));
    return { of: () => new RequestAircall(connection, parts), close: keeping.close };
  }

  const keepingFor = (req: Request) => keeping.of(grantsFor(req));
  return {
    of: (req, signInPath) => new RequestAircall(new SessionConnection(req, signInPath, keepingFor), parts),
    close: keeping.close,
  };
}

type Parts = Omit<HttpParts, "tokens"> & { readonly transport: Transport };

function clientOf(parts: Parts, tokens: TokenSource): AircallClient {
  return new AircallClient(createHttp({ ...parts, tokens }));
}

/** One set of renewals for each store the app's requests name: in practice one. */
function createKeeping(config: OAuthConfig, parts: Parts) {
  const { client, initiateOAuth } = config;
  const renews = client !== null && initiateOAuth !== "OFF";
  const endpoint = renews ? createTokenEndpoint({ ...config, client, transport: parts.transport }) : null;
  const probe = createProbe(parts);
  const byStore = new Map<GrantStore, Renewals>();

  function of(store: GrantStore): GrantKeeping {
    const known = byStore.get(store);
    if (known) return { store, renewals: known };
    const renewals = createRenewals({ store, endpoint, probe });
    byStore.set(store, renewals);
    return { store, renewals };
  }

  async function close(): Promise<void> {
    await Promise.all([...byStore.values()].map((renewals) => renewals.close()));
  }

  return { of, close };
}

/** A token obtained elsewhere is a grant like any other, kept in this process. */
function staticGrant(tokens: StaticTokens, keepingOf: (store: GrantStore) => GrantKeeping): TokenSource {
  const store = memoryGrants();
  const account = { id: null, name: null, user: null };
  const created = store.create({ ...tokens, account, ended: null }, aYearMs);
  const found = created.then((id) => createGrantTokens({ ...keepingOf(store), id, signInPath: null }));
  return lookedUp(() => found);
}
