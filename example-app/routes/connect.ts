import type { Request, RequestHandler, Response } from "express";
import { chosenAccount } from "../chosen-company";
import { connectionEnded, noLongerThere, type Problem } from "../problems";

declare module "express-session" {
  interface SessionData {
    /** The company that was shown last, by name: so that it can be said when it is no longer connected. */
    shown?: string;
  }
}

/** What this is and a way in, for those who have not connected; the others go on to the board. */
export const connectPage: RequestHandler = async function connectPage(req, res) {
  const account = await req.aircall.account();
  if (account) return res.redirect("/missed-calls");
  showConnect(res, { ended: noticeOfEnd(req) });
};

/** With what was wrong about the key that somebody sent, and nothing of the key. */
export function showConnect(res: Response, { status = 200, keyFault = null, ended = null }: Shown = {}): void {
  res.status(status).render("connect", { ended, connectPath, keyFault });
}

interface Shown {
  readonly status?: number;
  readonly keyFault?: string | null;
  readonly ended?: Ended | null;
}

type Ended = Pick<Problem, "title" | "message">;

/**
 * Says why somebody has to connect again before they go on to Aircall: the library's own route would send them there
 * without a word. The way on is that route too, which knows the page they wanted.
 */
export const sayWhy: RequestHandler = function sayWhy(req, res, next) {
  const query = new URLSearchParams(req.url.split("?")[1]);
  const revoked = query.get("reason") === "revoked";
  // They wanted a page; who comes to connect has read that already.
  const sentHere = query.has("return_to") && !query.has("add");
  const gone = revoked || sentHere ? noticeOfEnd(req) : null;
  const ended = revoked ? connectionEnded : gone;
  if (!ended) return next();
  query.delete("reason");
  res.set("Cache-Control", "no-store");
  res.render("connect", { ended, keyFault: null, connectPath: `${connectPath}?${query.toString()}` });
};

const connectPath = "/auth/aircall";

/** Once; null where nothing was connected. */
function noticeOfEnd({ session }: Request): Ended | null {
  const { shown } = session;
  delete session.shown;
  return shown === undefined ? null : noLongerThere(shown);
}

/** Who signs out knows that nothing is connected. */
export const forgetShown: RequestHandler = function forgetShown(req, _res, next) {
  delete req.session.shown;
  next();
};

/** Names the company at the top of the page, and keeps the page out of caches: it is gone when they disconnect. */
export const showAccount: RequestHandler = async function showAccount(req, res, next) {
  res.set("Cache-Control", "no-store");
  const account = await chosenAccount(req);
  const name = account?.name ?? "Your company";
  res.locals["company"] = name;
  const connectedHere = account !== null && (account.id !== null || req.session.byKey === true);
  if (connectedHere && req.session.shown !== name) req.session.shown = name;
  next();
};
