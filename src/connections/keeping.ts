import { createProbe } from "../client/tokens";
import type { OAuthConfig } from "../config/config";
import { createGrantTokens, type GrantTokens } from "../grants/grant-tokens";
import { appKey } from "../grants/held";
import type { Renewals } from "../grants/renew";
import { sharedRenewals } from "../grants/shared-renewals";
import type { GrantStore } from "../grants/store";
import type { HttpParts } from "../http/http";
import { renewalEndpoint } from "../oauth/token-endpoint";
import { createCompanyGrants, type CompanyGrants } from "./company-grants";

/** One grant store, and what keeps its grants working. */
export interface Keeping {
  readonly store: GrantStore;
  readonly companies: CompanyGrants;
  tokensOf(id: string, signInPath: string | null): GrantTokens;
}

export interface Keepings {
  /** The same for everybody who comes with this store. */
  readonly of: (store: GrantStore) => Keeping;
  /** Waits for renewals under way. */
  readonly close: () => Promise<void>;
}

export function createKeepings(config: OAuthConfig, parts: Omit<HttpParts, "tokens">): Keepings {
  const app = config.client && appKey(config.client.id);
  const endpoint = renewalEndpoint(config, parts.transport);
  const probe = createProbe(parts);
  const renewalsOf = new Map<GrantStore, Renewals>();
  const known = new WeakMap<GrantStore, Keeping>();

  function start(store: GrantStore): Keeping {
    const renewals = sharedRenewals({ store, app, endpoint, probe });
    renewalsOf.set(store, renewals);
    const tokensOf = (id: string, signInPath: string | null) =>
      createGrantTokens({ store, renewals, id, app, signInPath });
    return { store, companies: createCompanyGrants(store, tokensOf), tokensOf };
  }

  return {
    of(store) {
      const keeping = known.get(store) ?? start(store);
      known.set(store, keeping);
      return keeping;
    },
    async close() {
      await Promise.all([...renewalsOf.values()].map((renewals) => renewals.close()));
    },
  };
}
