import type { CompanyName } from "../config/company-id";
import type { Grant } from "./grant";
import { isSound } from "./renewal/suspension";
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
  const [found] = await bestOfEach(grants, [await grants.idsOf(app, company)]);
  return found ?? null;
}

/** Of each of these companies' grants the best, as for {@link newestGrant}; null for one whose grants are gone. */
export async function bestOfEach(
  grants: GrantStore,
  companies: readonly (readonly string[])[],
): Promise<(StoredGrant | null)[]> {
  const ids = companies.flat();
  const read = await (grants.getMany?.(ids) ?? Promise.all(ids.map((id) => grants.get(id))));
  const byId = new Map(ids.map((id, index) => [id, read[index] ?? null]));
  return companies.map((theirs) => best(theirs.map((id) => ({ id, grant: byId.get(id) ?? null }))));
}

/** The latest of those in the best state; null when none of them is there. */
function best(read: readonly { readonly id: string; readonly grant: Grant | null }[]): StoredGrant | null {
  const stored = read.filter((one): one is StoredGrant => one.grant !== null);
  return stored.sort((one, other) => compare(other.grant, one.grant))[0] ?? null;
}

function compare(one: Grant, other: Grant): number {
  return rank(one) - rank(other) || one.obtainedAt.getTime() - other.obtainedAt.getTime();
}

function rank(grant: Grant): number {
  return isSound(grant) ? 3 : ["ended", "suspended", "active"].indexOf(grant.state);
}
