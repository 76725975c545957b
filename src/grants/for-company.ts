import type { CompanyName } from "../config/company-id";
import type { Grant } from "./grant";
import { isSound } from "./renewal/standing";
import type { GrantStore } from "./store";

export interface StoredGrant {
  readonly id: string;
  readonly grant: Grant;
}

/** The grant to use for a company of an app; null when it has none. */
export async function newestGrant(
  grants: GrantStore,
  app: string | null,
  company: CompanyName,
): Promise<StoredGrant | null> {
  return bestOf(grants, await grants.idsOf(app, company));
}

/** The latest of those in the best state; null when none of them is there. */
export async function bestOf(grants: GrantStore, ids: readonly string[]): Promise<StoredGrant | null> {
  const read = await Promise.all(ids.map(async (id) => ({ id, grant: await grants.get(id) })));
  const stored = read.filter((one): one is StoredGrant => one.grant !== null);
  const [best] = stored.sort((one, other) => compare(other.grant, one.grant));
  return best ?? null;
}

function compare(one: Grant, other: Grant): number {
  return rank(one) - rank(other) || one.obtainedAt.getTime() - other.obtainedAt.getTime();
}

function rank(grant: Grant): number {
  return isSound(grant) ? 3 : ["ended", "suspended", "active"].indexOf(grant.state);
}
