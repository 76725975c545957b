import { createProbe } from "../client/tokens";
import type { OAuthConfig } from "../config/config";
import type { Grant } from "../grants/grant";
import { createGrantTokens, type GrantTokens } from "../grants/grant-tokens";
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
  /** `read` says how to find the grant, where its id alone does not lead to it. */
  tokensOf(id: string, signInPath: string | null, read?: () => Promise<Grant | null>): GrantTokens;
}

export interface Keepings {
  /** The same for everybody who comes with this store. */
  readonly of: (store: GrantStore) => Keeping;
  /** Waits for renewals under way. */
  readonly close: () => Promise<void>;
}

/** `app` tells its grants from another's; see {@link appKey}. */
export function createKeepings(config: OAuthConfig, parts: Omit<HttpParts, "tokens">, app: string | null): Keepings {
  const endpoint = renewalEndpoint(config, parts.transport);
  const probe = createProbe(parts);
  const renewalsOf = new Map<GrantStore, Renewals>();
  const known = new WeakMap<GrantStore, Keeping>();

  function start(store: GrantStore): Keeping {
    const renewals = sharedRenewals({ store, app, endpoint, probe });
    renewalsOf.set(store, renewals);
    const tokensOf: Keeping["tokensOf"] = (id, signInPath, read) =>
      createGrantTokens({ store, renewals, id, app, signInPath, ...(read && { read }) });
    return { store, companies: createCompanyGrants(store, app, tokensOf), tokensOf };
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
