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

export const showNotice: RequestHandler = function showNotice(req, res, next) {
  res.locals["notice"] = req.session.notice;
  delete req.session.notice;
  next();
};
