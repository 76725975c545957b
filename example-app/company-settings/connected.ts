import type { Request } from "express";
import type { AircallAuth, ConnectedCompany } from "express-aircall";

interface Ways {
  readonly auth: AircallAuth;
  readonly keys: AircallAuth | null;
}

/**
 * The companies that this browser has connected, with what is known of each connection. Others that use the board are
 * none of its business: a page for whoever runs the board would list them all.
 */
export async function connectedHere(req: Request, { auth, keys }: Ways): Promise<ConnectedCompany[]> {
  const accounts = await req.aircall.accounts();
  const ids = new Set(accounts.flatMap(({ id }) => id ?? []));
  const { tenant, byKey } = req.session;
  return [
    ...(await find(auth, ids.size, ({ companyId }) => companyId !== null && ids.has(companyId))),
    ...(keys && byKey ? await find(keys, 1, ({ companyRef }) => companyRef !== null && companyRef === tenant) : []),
  ];
}

/** Looks no further than it has to. */
async function find(auth: AircallAuth, count: number, isIt: (company: ConnectedCompany) => boolean) {
  const found: ConnectedCompany[] = [];
  if (count === 0) return found;
  for await (const company of auth.companies()) {
    if (isIt(company) && found.push(company) === count) break;
  }
  return found;
}
