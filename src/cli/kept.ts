import type { Account, Grant } from "../grants/grant";
import type { GrantStore } from "../grants/store";

/** Ends every grant of an app but one, and answers those that have ended. */
export async function endGrants(store: GrantStore, app: string, except: string | null = null): Promise<Grant[]> {
  const ended: Grant[] = [];
  let cursor: string | null = null;
  do {
    const page = await store.companies(app, cursor, 100);
    for (const id of page.companies.flatMap(({ ids }) => ids)) {
      const grant = id === except ? null : await store.get(id);
      if (!grant) continue;
      await store.delete(id);
      ended.push(grant);
    }
    cursor = page.cursor;
  } while (cursor !== null);
  return ended;
}

export function companyText({ id, name }: Account): string {
  if (name === null) return id === null ? "A company" : `Company ${id}`;
  return id === null ? name : `${name} (company ${id})`;
}
