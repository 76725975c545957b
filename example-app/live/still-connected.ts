import type { Request } from "express";
import { chosenAccount } from "../chosen-company";
import type { CompanyKey } from "../mirror/company";
import { companyKey } from "../mirror/company";

/**
 * Whether this visitor may see that company's board: the session is there, wherever somebody has logged out, and what
 * the company connected with still counts. Rejects where that cannot be found out now.
 */
export async function stillConnected(req: Request, key: CompanyKey): Promise<boolean> {
  if (!(await sessionIsThere(req))) return false;
  const account = await chosenAccount(req);
  if (!account) return false;
  return account.id === null || companyKey({ companyId: account.id, companyRef: null }) === key;
}

/** Read from the store, for another process may have ended it. Reading prolongs nothing. */
function sessionIsThere({ sessionStore, sessionID, session }: Request): Promise<boolean> {
  // A board with a key of its own has visitors without a session.
  if (!session || isNew(session)) return Promise.resolve(true);
  return new Promise((resolve, reject) => {
    sessionStore.get(sessionID, (error: unknown, found) => (error ? reject(error) : resolve(Boolean(found))));
  });
}

/** Nothing was kept in it, so that none is stored. */
function isNew(session: object): boolean {
  return Object.keys(session).every((name) => name === "cookie");
}
