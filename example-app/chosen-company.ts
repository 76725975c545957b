import type { Request } from "express";
import type { Account, AircallClient } from "express-aircall";

declare module "express-session" {
  interface SessionData {
    /** Aircall's id of the company somebody chose among those this browser has connected. */
    chosen?: number;
  }
}

/** Whose board it is: the company that was chosen, else the one connected last. Null where none is. */
export async function chosenAccount(req: Request): Promise<Account | null> {
  const { chosen } = req.session;
  if (chosen === undefined) return req.aircall.account();
  const account = (await req.aircall.accounts()).find(({ id }) => id === chosen);
  if (account) return account;
  delete req.session.chosen;
  return req.aircall.account();
}

/** The client of that company, for what this visitor waits for. */
export function chosenClient({ session, aircall }: Request): AircallClient {
  return session.chosen === undefined ? aircall : aircall.as(session.chosen);
}
