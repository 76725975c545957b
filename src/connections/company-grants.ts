import { createExpiringMap } from "../time/expiring-map";
import type { GrantTokens } from "../grants/access";
import { newestGrant } from "../grants/for-company";
import { isSound } from "../grants/renewal/standing";
import type { GrantStore } from "../grants/store";

const rememberedMs = 3_600_000;
const maxCompanies = 10_000;

/** Finds the grant that a company's requests and jobs work with. */
export interface CompanyGrants {
  /** Null when the company has none; one that is refused or dead only where there is no better. */
  tokensOf(companyId: number, signInPath: string | null): Promise<GrantTokens | null>;
}

export interface CompanyGrantsParts {
  readonly store: GrantStore;
  /** See {@link appKey}; null where it is not known. */
  readonly app: string | null;
  readonly tokensWith: (id: string, signInPath: string | null) => GrantTokens;
  readonly now?: () => number;
}

/** Remembers which grant it was, so that a request costs one read and not a search. */
export function createCompanyGrants({ store, app, tokensWith, now = Date.now }: CompanyGrantsParts): CompanyGrants {
  const known = createExpiringMap<string>(maxCompanies, now);

  return {
    async tokensOf(companyId, signInPath) {
      const key = String(companyId);
      const remembered = known.get(key);
      const tokens = remembered === undefined ? null : tokensWith(remembered, signInPath);
      const grant = await tokens?.grant();
      if (tokens && grant && isSound(grant)) return tokens;

      const newest = await newestGrant(store, app, companyId);
      if (!newest) return null;
      known.set(key, newest.id, rememberedMs);
      return tokensWith(newest.id, signInPath);
    },
  };
}
