import type { RequestHandler, Response } from "express";
import { chosenAccount } from "../chosen-company";
import { connectionEnded } from "../problems";

/** What this is and a way in, for those who have not connected; the others go on to the board. */
export const connectPage: RequestHandler = async function connectPage(req, res) {
  const account = await req.aircall.account();
  if (account) return res.redirect("/missed-calls");
  showConnect(res);
};

/** With what was wrong about the key that somebody sent, and nothing of the key. */
export function showConnect(res: Response, { status = 200, keyFault = null }: Shown = {}): void {
  res.status(status).render("connect", { ended: null, connectPath, keyFault });
}

interface Shown {
  readonly status?: number;
  readonly keyFault?: string | null;
}

/**
 * Says why somebody has to connect again before they go on to Aircall: the library's own route would send them there
 * without a word. The way on is that route too, which knows the page they wanted.
 */
export const sayWhy: RequestHandler = function sayWhy(req, res, next) {
  const query = new URLSearchParams(req.url.split("?")[1]);
  if (query.get("reason") !== "revoked") return next();
  query.delete("reason");
  res.set("Cache-Control", "no-store");
  res.render("connect", { ended: connectionEnded, connectPath: `${connectPath}?${query.toString()}` });
};

const connectPath = "/auth/aircall";

/** Names the company at the top of the page, and keeps the page out of caches: it is gone when they disconnect. */
export const showAccount: RequestHandler = async function showAccount(req, res, next) {
  res.set("Cache-Control", "no-store");
  const account = await chosenAccount(req);
  res.locals["company"] = account?.name ?? "Your company";
  next();
};
