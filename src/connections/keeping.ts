import { createProbe } from "../client/ping-probe";
import type { Grant } from "../grants/grant";
import { createGrantTokens, type GrantTokens } from "../grants/access";
import type { Hold } from "../grants/session-grants";
import type { Renewals } from "../grants/renewal/renew";
import { sharedRenewals } from "../grants/renewal/shared-renewals";
import type { GrantStore } from "../grants/store";
import type { HttpParts } from "../http/parts";
import type { TokenEndpoint } from "../oauth/token-endpoint";
import type { RequestStoreTime } from "../time/store-time";
import { createCompanyGrants, type CompanyGrants, type CompanyWish, type FoundGrant } from "./company-grants";
import { createUses } from "./uses";

/** One grant store, and what keeps its grants working. */
export interface Keeping {
  readonly store: GrantStore;
  readonly companies: CompanyGrants;
  tokensOf(id: string, wish: TokensWish): GrantTokens;
}

export interface TokensWish {
  readonly signInPath: string | null;
  /** Whose the grant is: a company's lives by being used, a session's by visits. */
  readonly hold: Hold;
  /** How to find the grant, where its id alone does not lead to it. */
  readonly read?: () => Promise<Grant | null>;
  /** Of the request that asks; default none. */
  readonly storeTime?: RequestStoreTime;
}

export interface Keepings {
  /** The same for everybody who comes with this store. */
  readonly of: (store: GrantStore) => Keeping;
  /** Waits for renewals under way. */
  readonly close: () => Promise<void>;
}

/** Whose grants these are: `app` tells them from another's; see {@link appKey}. */
export interface Owner {
  readonly app: string | null;
  readonly hold: Hold;
}

/** `endpoint` is null where nothing may be renewed. */
export function createKeepings(
  endpoint: Pick<TokenEndpoint, "renew"> | null,
  parts: Omit<HttpParts, "tokens">,
  { app, hold }: Owner,
): Keepings {
  const probe = createProbe(parts);
  const renewalsOf = new Map<GrantStore, Renewals>();
  const known = new WeakMap<GrantStore, Keeping>();
  const uses = createUses();

  function start(store: GrantStore): Keeping {
    const renewals = sharedRenewals({ store, app, endpoint, probe });
    renewalsOf.set(store, renewals);
    const tokensOf: Keeping["tokensOf"] = (id, { hold, ...wish }) => {
      const tokens = createGrantTokens({ store, renewals, id, app, ...wish });
      return hold === "company" ? uses.noting(store, id, tokens) : tokens;
    };
    const companyTokens = ({ id, byKey }: FoundGrant, wish: CompanyWish) =>
      tokensOf(id, { ...wish, hold: byKey ? "company" : hold });
    return { store, companies: createCompanyGrants({ store, app, tokensWith: companyTokens }), tokensOf };
  }

  return {
    of(store) {
      const keeping = known.get(store) ?? start(store);
      known.set(store, keeping);
      return keeping;
    },
    async close() {
      await Promise.all([...renewalsOf.values()].map((renewals) => renewals.close()));
      await uses.settled();
    },
  };
}
