import type { ErrorRequestHandler } from "express";
import { isUnconnected } from "./require-aircall";
import { sendToSignIn } from "./send-to-sign-in";

export interface AircallErrorsOptions {
  /** Where page visits are sent in an app that signs people in itself, e.g. with Passport. Default: the library's route. */
  signInPath?: string;
}

/**
 * Error middleware for "nobody is connected", mounted after the routes: a page visit is sent to sign in, everything else
 * gets a 401 in JSON, `{ error, message, signInPath }`. Other errors go on to `next`.
 */
export function aircallErrors({ signInPath }: AircallErrorsOptions = {}): ErrorRequestHandler {
  return function answerUnconnected(error: unknown, req, res, next) {
    if (!isUnconnected(error) || res.headersSent) return next(error);
    if (sendToSignIn(req, res, signInPath)) return;
    const { code, message } = error;
    res.status(401).json({ error: code, message, signInPath: signInPath ?? error.signInPath });
  };
}
