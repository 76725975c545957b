import type { ServerResponse } from "node:http";
import type { Grant } from "../../../src/grants/grant";
import { createGrantTokens } from "../../../src/grants/access";
import { memoryGrants } from "../../../src/grants/stores/memory";
import { createRenewals, type Renewals } from "../../../src/grants/renewal/renew";
import type { GrantStore } from "../../../src/grants/store";
import type { Probe } from "../../../src/http/credential";
import { createTransport } from "../../../src/http/transport/choose";
import { createTokenEndpoint } from "../../../src/oauth/token-endpoint";
import { createClock, newGrant } from "../grants";
import { startTokenServer, type TokenRequest } from "../servers/token-server";

interface Setting {
  readonly answer?: (res: ServerResponse, request: TokenRequest) => unknown;
  readonly grant?: Partial<Grant>;
  readonly probe?: Probe;
  readonly wrapStore?: (store: GrantStore) => GrantStore;
  /** Default: our own connections. */
  readonly fetch?: typeof globalThis.fetch;
  /** Between tries to write new tokens. */
  readonly sleep?: (ms: number) => Promise<unknown>;
}

/** One connected company, a token server, and the parts that keep the one working with the other. */
export async function startRenewingApp({
  answer,
  grant,
  probe,
  fetch,
  wrapStore = (store) => store,
  ...timing
}: Setting = {}) {
  const clock = createClock();
  const server = await startTokenServer(answer ?? ((res) => res.writeHead(500).end()));
  const transport = createTransport(fetch ?? null);
  const store = wrapStore(memoryGrants({ now: clock.now }));
  const id = await store.create(newGrant(grant), 86_400_000);
  const client = { id: "client-1", secret: "s3cret-s3cret" };
  const endpoint = createTokenEndpoint({
    tokenUrl: server.url,
    client,
    tokenRequest: "json",
    transport,
    now: clock.now,
  });
  const parts = {
    store,
    endpoint,
    probe: probe ?? (() => Promise.resolve("unknown" as const)),
    now: clock.now,
    ...timing,
  };
  const renewals = createRenewals(parts);
  const tokensOf = (renewals: Renewals) =>
    createGrantTokens({ store, renewals, id, signInPath: "/auth/aircall", now: clock.now });

  return {
    clock,
    server,
    store,
    id,
    renewals,
    /** The tokens of one request. */
    tokens: () => tokensOf(renewals),
    /** The same in a process that shares only the store, and whose clock may be ahead. */
    inAnotherProcess: (aheadMs = 0) => tokensOf(createRenewals({ ...parts, now: () => clock.now() + aheadMs })),
    async close() {
      await renewals.close();
      await server.close();
      await transport.close();
    },
  };
}
