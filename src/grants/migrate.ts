import { requireCompanyId, type CompanyId } from "../config/company-id";
import { companyLifeMs } from "./ownership";
import { appKey } from "./session-grants";
import type { GrantStore } from "./store";

/** Options of `migrateGrants()`. */
export interface MigrateGrantsOptions {
  /** The client id of the Aircall app that these grants belong to. */
  readonly clientId: string;
  /** Whose grants. Those of other companies stay as they are. */
  readonly companyIds: Iterable<CompanyId>;
}

/** What `migrateGrants()` has done. */
export interface MigratedGrants {
  /** How many belong to the app now and did not before. */
  readonly moved: number;
  /** How many could not be read: they have ended meanwhile, or are sealed with a key that the store was not given. */
  readonly unread: number;
}

/**
 * Gives an app the grants of `hold: "company"` that were kept before grants knew their app: until then they are
 * nobody's. May be run while the app is, and more than once.
 * @throws {StoreError} the store failed: run it again. @throws {ConfigError} a company's id is none.
 */
export async function migrateGrants(
  grants: GrantStore,
  { clientId, companyIds }: MigrateGrantsOptions,
): Promise<MigratedGrants> {
  const app = appKey(clientId);
  const outcomes: (boolean | null)[] = [];
  for (const company of companyIds) {
    const ids = await grants.idsOf(null, requireCompanyId(company, "migrateGrants({ companyIds })"));
    outcomes.push(...(await Promise.all(ids.map((id) => move(grants, id, app)))));
  }
  const count = (outcome: boolean | null) => outcomes.filter((one) => one === outcome).length;
  return { moved: count(true), unread: count(null) };
}

/** Whether it was moved; null when it could not be read. Prolonging writes it into its app's index, also after a half-done run. */
async function move(grants: GrantStore, id: string, app: string): Promise<boolean | null> {
  for (;;) {
    const grant = await grants.get(id);
    if (!grant) return null;
    if (grant.app !== null && grant.app !== app) return false;
    if (grant.app === null && !(await grants.replace(id, grant.version, { ...grant, app }))) continue;
    await grants.prolong(id, companyLifeMs);
    return grant.app === null;
  }
}
