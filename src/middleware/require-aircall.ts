import type { NextFunction, Request, Response } from "express";
import { RequestAircall } from "../connections/request-aircall";
import { ConfigError, NotConnectedError, ReconnectRequiredError } from "../errors/errors";
import type { Handler } from "../session/handlers";
import { runtimeOf } from "../sign-in/runtime";
import { readSignInPath } from "./options";
import { sendToSignIn } from "./send-to-sign-in";

/** Options of `requireAircall()`. */
export interface RequireAircallOptions {
  /** Where this app's own sign-in begins, for the error; without it, the library's route if it serves one. */
  signInPath?: string | undefined;
}

/**
 * Guards routes that need a connected account. With GETANDREFRESH a page visit is sent to sign in and comes back;
 * everything else goes on to `next` as NotConnectedError or ReconnectRequiredError (401), or StoreError (503).
 * A connection that Aircall has refused for less than a minute passes: its requests get a TokenRefusedError (503).
 * @throws {ConfigError} at once, when an option is misspelled or impossible.
 */
export function requireAircall(options: RequireAircallOptions = {}): Handler {
  const signInPath = readSignInPath(options, "requireAircall");

  /** Whether the request may go on; else it has been answered. */
  async function admit(req: Request, res: Response): Promise<boolean> {
    if (!(req.aircall instanceof RequestAircall)) throw new ConfigError(runtimeOf(req) ? twoCopies : misplaced);
    try {
      await RequestAircall.requireConnected(req.aircall);
    } catch (error) {
      if (isUnconnected(error) && (await sendToSignIn(req, res, { error }))) return false;
      throw signInPath === undefined ? error : namingSignIn(error, signInPath);
    }
    return true;
  }

  // By `next`, and not by a promise that rejects: only Express 5 hands that on, and elsewhere it ends the process.
  return function requireConnection(req: Request, res: Response, next: NextFunction) {
    admit(req, res).then((admitted) => admitted && next(), next);
  };
}

const misplaced = "Mount aircallAuth() before requireAircall().";
const twoCopies =
  "Two copies of express-aircall are loaded: aircallAuth() is of one, requireAircall() of the other. `npm ls express-aircall` " +
  "shows who brought them; keep one.";

/** Errors that signing in would cure. */
export type Unconnected = NotConnectedError | ReconnectRequiredError;

export function isUnconnected(error: unknown): error is Unconnected {
  return error instanceof NotConnectedError || error instanceof ReconnectRequiredError;
}

/** Whether the company that this request works with is connected, as far as is known without asking Aircall. */
export function isConnected(req: Request): Promise<boolean> {
  if (!(req.aircall instanceof RequestAircall)) return Promise.resolve(false);
  return RequestAircall.requireConnected(req.aircall).then(
    () => true,
    () => false,
  );
}

function namingSignIn(error: unknown, signInPath: string): unknown {
  if (error instanceof NotConnectedError) return new NotConnectedError(signInPath);
  return error instanceof ReconnectRequiredError ? new ReconnectRequiredError(signInPath) : error;
}
