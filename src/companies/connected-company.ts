import type { CompanyName } from "../config/company-id";
import { bestOfEach, type StoredGrant } from "../grants/for-company";
import type { Account, GrantState } from "../grants/grant";
import type { GrantStore } from "../grants/store";

/** A company that has connected, by OAuth or with its own API key. It holds no token. */
export interface ConnectedCompany {
  /** Aircall's id; null where Aircall did not say, as with an API key. */
  readonly companyId: number | null;
  /** The app's own name for it; null where it has none. */
  readonly companyRef: string | null;
  readonly name: string | null;
  readonly scheme: "OAuth" | "Basic";
  /**
   * `active`: it works, as far as is known. `suspended`: Aircall has refused its token for a minute or more, since
   * `refusedAt`. `ended`: Aircall refused to renew it.
   */
  readonly state: GrantState;
  /** Null while Aircall accepts its token. */
  readonly refusedAt: Date | null;
  readonly connectedAt: Date;
  /** The administrator who connected it; null when Aircall did not say, as with an API key. */
  readonly connectedBy: Account["user"];
}

/** Companies at a time. */
const pageSize = 100;

/** An app's companies, each once, in no order that means anything. One that connects meanwhile may be missing. */
export async function* listCompanies(store: GrantStore, app: string | null): AsyncGenerator<ConnectedCompany, void> {
  let cursor: string | null = null;
  do {
    const page = await store.companies(app, cursor, pageSize);
    const found = await bestOfEach(
      store,
      page.companies.map(({ ids }) => ids),
    );
    for (const [index, stored] of found.entries()) {
      if (stored && isListedAs(page.companies[index]!.company, stored)) yield describe(stored);
    }
    cursor = page.cursor;
  } while (cursor !== null);
}

/** A tenant that had a key, and has signed in since, is found by its own name too: it is listed by Aircall's id. */
function isListedAs(company: CompanyName, { grant }: StoredGrant): boolean {
  return typeof company === "number" || grant.account.id === null;
}

export function nameOf({ companyId, companyRef }: ConnectedCompany): CompanyName {
  return companyId ?? { ref: companyRef ?? "" };
}

function describe({ grant }: StoredGrant): ConnectedCompany {
  const { account, ref, apiId, state, refusedAt, connectedAt } = grant;
  const { id: companyId, name, user: connectedBy } = account;
  const scheme = apiId === null ? "OAuth" : "Basic";
  return { companyId, companyRef: ref, name, scheme, state, refusedAt, connectedAt, connectedBy };
}
