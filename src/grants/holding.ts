import { ConfigError } from "../errors";
import type { NewGrant } from "./grant";
import { newestGrant } from "./newest-grant";
import type { GrantStore } from "./store";

const aYearMs = 31_536_000_000;

/** Who a grant belongs to, and so how long it is kept and what ends it. */
export interface Holding {
  /** Keeps a fresh grant and answers its id. */
  keep(grants: GrantStore, grant: NewGrant, sessionLifeMs: number): Promise<string>;
  /** A session lets go of these. */
  release(grants: GrantStore, ids: readonly string[]): Promise<void>;
}

/** The session's own: it lives as long as sessions do, and ends with the session. */
export const heldBySession: Holding = {
  keep: (grants, grant, sessionLifeMs) => grants.create(grant, sessionLifeMs),
  async release(grants, ids) {
    await Promise.all(ids.map((id) => grants.delete(id)));
  },
};

/**
 * The company's: sessions come and go, and whoever connects it again renews the one grant that all of them use. It is
 * kept for two years after it was last used.
 */
export const heldByCompany: Holding = {
  async keep(grants, grant) {
    const companyId = grant.account.id;
    if (companyId === null) throw new ConfigError('hold: "company" must know the company: leave skipUserProfile off.');
    const current = await newestGrant(grants, companyId);
    const renewed = current && (await grants.replace(current.id, current.grant.version, grant));
    return renewed ? current.id : grants.create(grant, aYearMs);
  },
  release: () => Promise.resolve(),
};
