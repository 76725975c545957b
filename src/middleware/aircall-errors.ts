import type { ErrorRequestHandler } from "express";
import { readSignInPath } from "./options";
import { isConnected, isUnconnected } from "./require-aircall";
import { sendToSignIn } from "./send-to-sign-in";

export interface AircallErrorsOptions {
  /** Where page visits are sent in an app that signs people in itself, e.g. with Passport. Default: the library's route. */
  signInPath?: string;
}

/**
 * Error middleware for "nobody is connected", mounted after the routes: a page visit is sent to sign in, everything else
 * gets a 401 in JSON, `{ error, message, signInPath }`. So does a visit where `as(companyId)` found that company not
 * connected but another is, without a path: signing in would replace that one. Other errors go on to `next`.
 * @throws {ConfigError} at once, when an option is misspelled or impossible.
 */
export function aircallErrors(options: AircallErrorsOptions = {}): ErrorRequestHandler {
  const signInPath = readSignInPath(options, "aircallErrors");

  return async function answerUnconnected(error: unknown, req, res, next) {
    if (!isUnconnected(error) || res.headersSent) return next(error);
    const { code, message } = error;
    if (await isConnected(req)) return void res.status(401).json({ error: code, message, signInPath: null });
    if (sendToSignIn(req, res, signInPath)) return;
    res.status(401).json({ error: code, message, signInPath: signInPath ?? error.signInPath });
  };
}
