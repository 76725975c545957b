import type { Request, RequestHandler } from "express";

declare module "express-session" {
  interface SessionData {
    /** What the next page has to tell. */
    notice?: string;
  }
}

/** Tells the person on the page they see next, once. */
export function leaveNotice(req: Request, notice: string): void {
  req.session.notice = notice;
}

/** Not to scripts that only look at a page, nor with what belongs to one: the notice is for who sees the next. */
export const showNotice: RequestHandler = function showNotice(req, res, next) {
  const isSeen = req.get("accept")?.includes("text/html") && req.get("x-look") === undefined;
  if (!isSeen) return next();
  res.locals["notice"] = req.session.notice;
  delete req.session.notice;
  next();
};
