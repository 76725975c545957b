import { companyKey, type CompanyName } from "../config/company-id";
import { createExpiringMap } from "../time/expiring-map";
import type { GrantTokens } from "../grants/access";
import { newestGrant } from "../grants/for-company";
import { isSound } from "../grants/renewal/suspension";
import type { GrantStore } from "../grants/store";
import type { RequestStoreTime } from "../time/store-time";

const rememberedMs = 3_600_000;
const maxCompanies = 10_000;

/** Finds the grant that a company's requests and jobs work with. */
export interface CompanyGrants {
  /** Null when the company has none; one that is refused or dead only where there is no better. */
  tokensOf(company: CompanyName, wish: CompanyWish): Promise<GrantTokens | null>;
}

export interface CompanyWish {
  readonly signInPath: string | null;
  /** Of the request that asks. */
  readonly storeTime: RequestStoreTime;
}

export interface FoundGrant {
  readonly id: string;
  /** Whether the company connected with an API key of its own. */
  readonly byKey: boolean;
}

export interface CompanyGrantsParts {
  readonly store: GrantStore;
  /** See {@link appKey}; null where it is not known. */
  readonly app: string | null;
  readonly tokensWith: (found: FoundGrant, wish: CompanyWish) => GrantTokens;
  readonly now?: () => number;
}

/** Remembers which grant it was, so that a request costs one read and not a search. */
export function createCompanyGrants({ store, app, tokensWith, now = Date.now }: CompanyGrantsParts): CompanyGrants {
  const known = createExpiringMap<FoundGrant>(maxCompanies, now);

  return {
    async tokensOf(company, wish) {
      const key = companyKey(company);
      const remembered = known.get(key);
      const tokens = remembered === undefined ? null : tokensWith(remembered, wish);
      const grant = await tokens?.grant();
      if (tokens && grant && isSound(grant)) return tokens;

      const newest = await wish.storeTime.throughout(() => newestGrant(store, app, company));
      if (!newest) return null;
      const found = { id: newest.id, byKey: newest.grant.apiId !== null };
      known.set(key, found, rememberedMs);
      return tokensWith(found, wish);
    },
  };
}
