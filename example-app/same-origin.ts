import type { Request, RequestHandler } from "express";
import { foreignForm } from "./problems";
import { showProblem } from "./routes/errors";

/** Takes forms from this site's own pages only. The library does the same for signing out. */
export const sameOrigin: RequestHandler = function sameOrigin(req, res, next) {
  if (req.method === "GET" || req.method === "HEAD" || isOwnForm(req)) return next();
  showProblem(req, res, foreignForm);
};

function isOwnForm(req: Request): boolean {
  const site = req.get("sec-fetch-site");
  return site === undefined ? req.get("origin") === `${req.protocol}://${req.get("host")}` : site === "same-origin";
}
