import type { NextFunction, Request, Response } from "express";
import { mountLast } from "../errors/errors";
import type { ErrorHandler } from "../session/handlers";
import { isOfExpress } from "./express-request";
import { refuseRequest } from "../config/refuse-request";
import { readSignInPath } from "./options";
import { isConnected, isUnconnected, type Unconnected } from "./require-aircall";
import { holdsAnother, sendToSignIn, withQuery } from "./send-to-sign-in";

/** Options of `aircallErrors()`. */
export interface AircallErrorsOptions {
  /** Where page visits are sent in an app that signs people in itself, e.g. with Passport. Default: the library's route. */
  signInPath?: string | undefined;
}

/**
 * Error middleware for "nobody is connected", mounted after the routes: a page visit is sent to sign in, everything else
 * gets a 401 in JSON, `{ error, message, signInPath }`. So does a visit where `as(companyId)` found that company not
 * connected but another is, without a path: signing in would replace that one. Other errors go on to `next`.
 * @throws {ConfigError} at once, when an option is misspelled or impossible.
 */
export function aircallErrors(options?: AircallErrorsOptions): ErrorHandler;
export function aircallErrors(options: AircallErrorsOptions = {}, ...given: unknown[]): ErrorHandler {
  refuseRequest(given[0], "aircallErrors");
  const signInPath = readSignInPath(options, "aircallErrors");

  async function answer(error: Unconnected, req: Request, res: Response): Promise<void> {
    const { code } = error;
    const message = error.message.replace(mountLast, "");
    if (await isConnected(req)) return void res.status(401).json({ error: code, message, signInPath: null });
    if (await sendToSignIn(req, res, { error, appPath: signInPath })) return;
    res.status(401).json({ error: code, message, signInPath: signInPath ?? (await ownSignInPath(error, req)) });
  }

  return function answerUnconnected(error: unknown, req: Request, res: Response, next: NextFunction) {
    if (!isUnconnected(error) || res.headersSent || !isOfExpress(req, res)) return next(error);
    answer(error, req, res).catch(next);
  };
}

// Without its parentheses it stands where an error handler should: with four parameters Express calls it with errors.
Object.defineProperty(aircallErrors, "length", { value: 4 });

async function ownSignInPath({ signInPath }: Unconnected, req: Request): Promise<string | null> {
  return signInPath && (await holdsAnother(req)) ? withQuery(signInPath, ["add=1"]) : signInPath;
}
