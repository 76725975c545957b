import type { Grant } from "./grant";
import type { GrantStore } from "./store";

export interface StoredGrant {
  readonly id: string;
  readonly grant: Grant;
}

/** The grant to use for a company: of those that live the latest, else the latest of the dead; null when it has none. */
export async function newestGrant(grants: GrantStore, companyId: number): Promise<StoredGrant | null> {
  const ids = await grants.idsOf(companyId);
  const read = await Promise.all(ids.map(async (id) => ({ id, grant: await grants.get(id) })));
  const stored = read.filter((one): one is StoredGrant => one.grant !== null);
  const [best] = stored.sort((one, other) => rank(other.grant) - rank(one.grant));
  return best ?? null;
}

function rank({ state, obtainedAt }: Grant): number {
  return (state === "active" ? 0 : -Number.MAX_SAFE_INTEGER) + obtainedAt.getTime();
}
