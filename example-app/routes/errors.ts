import type { ErrorRequestHandler, Request, RequestHandler, Response } from "express";
import { AircallError, NotConnectedError, ReconnectRequiredError } from "express-aircall";
import { notFound, problemOf, problemOfForm, type Problem } from "../problems";

export const pageNotFound: RequestHandler = function pageNotFound(req, res) {
  showProblem(req, res, notFound);
};

/**
 * Says that a connection has just ended, or that a form was sent without one: `aircallErrors()` would send people to
 * sign in at once, and answer the form in JSON.
 */
export const connectAgain: ErrorRequestHandler = function connectAgain(error: unknown, req, res, next) {
  // Nobody signs in for a key that is gone: the form for another is at the start.
  const keyGone = error instanceof NotConnectedError && error.signInPath === null && req.method === "GET";
  if (keyGone && !res.headersSent) return res.redirect("/");
  const ended = error instanceof ReconnectRequiredError;
  const formWithoutConnection = error instanceof NotConnectedError && req.method === "POST";
  if (res.headersSent || !(ended || formWithoutConnection)) return next(error);
  showProblem(req, res, problemOf(error));
};

/** A page for every other error. */
export function problemPage(log: (error: unknown) => void): ErrorRequestHandler {
  return function problemPage(error: unknown, req, res, next) {
    if (res.headersSent) return next(error);
    const problem = req.method === "GET" ? problemOf(error) : problemOfForm(error, sentWith(res));
    if (problem.status >= 500) log(error);
    if (error instanceof AircallError) res.set(error.headers);
    showProblem(req, res, problem);
  };
}

/** What the form held, where its handler has said so. */
function sentWith({ locals }: Response): string | undefined {
  return locals["sent"] as string | undefined;
}

export function showProblem(req: Request, res: Response, problem: Problem): void {
  // A form's own address is no page: from its answer people go home.
  const action = problem.action === "retry" && req.method !== "GET" ? "home" : problem.action;
  const retrySeconds = action === "retry" ? retryAfter(res) : null;
  res.status(problem.status).render("problem", { detail: null, ...problem, action, retrySeconds });
}

/** When the page tries again by itself: as the error says, and not sooner than people can read it. */
function retryAfter(res: Response): number {
  const said = Number(res.get("retry-after"));
  return Math.min(300, Math.max(5, Number.isFinite(said) ? said : 10));
}
