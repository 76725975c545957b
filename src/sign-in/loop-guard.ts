import type { Request, Response } from "express";
import { parseCookie } from "cookie";
import type { SignInConfig } from "../config/config";
import { ConfigError } from "../errors/errors";
import { appKey, linksOf } from "../grants/session-grants";
import { sessionIdOf, sessionOf } from "../session/session";
import { createCookies } from "./cookies";
import { runtimeOf } from "./runtime";

const memoryMs = 60_000;

/**
 * Notices a browser that has just signed in and arrives again without the session that this made: sending it to Aircall
 * once more would go on for ever.
 */
export interface LoopGuard {
  /** Remembers a success for a minute. */
  remember(res: Response): void;
  /** Forgets it once the session has come back, so that whoever signs out later may sign in again. */
  noteReturn(req: Request, res: Response): void;
  forget(res: Response): void;
  /** @throws {ConfigError} that names the session cookie; once, so that trying again is possible. */
  check(req: Request, res: Response): void;
}

export function createLoopGuard(config: SignInConfig): LoopGuard {
  const cookies = createCookies(config);
  const name = cookies.nameOf("signed_in");
  const app = appKey(config.client.id);

  const holds = (req: Request) => linksOf(sessionOf(req), app).length > 0;
  const forget = (res: Response) => void res.append("Set-Cookie", cookies.remove(name));

  return {
    remember: (res) => void res.append("Set-Cookie", cookies.keep(name, "1", memoryMs)),
    noteReturn(req, res) {
      if (req.headers.cookie?.includes(name) && holds(req)) forget(res);
    },
    forget,
    check(req, res) {
      const { [name]: signedIn, ...others } = parseCookie(req.headers.cookie ?? "");
      // A client that keeps what was removed sends it empty.
      if (!signedIn) return;
      forget(res);
      // Where aircallAuth() sees every page, a session that came back has been noted.
      const mayHaveSignedOut = !runtimeOf(req)?.signInPath && isReturned(req, others);
      if (holds(req) || mayHaveSignedOut) return;
      throw new ConfigError(describeLoop(req));
    },
  };
}

/** A cookie of express-session is signed, and of this app's session only where it carries the id that was accepted. */
function isReturned(req: Request, cookies: Record<string, string | undefined>): boolean {
  const sessionID = sessionIdOf(req);
  return Object.values(cookies).some((value) => value?.startsWith(`s:${sessionID}.`));
}

function describeLoop(req: Request): string {
  return (
    "Signing in succeeded a moment ago, but the browser did not return the session cookie " +
    `(${describeCookie(req)}), or the session behind it is gone. Check the cookie's domain, path, secure and sameSite ` +
    "settings against the address in the browser's bar, that the browser does not block cookies, and that no other app " +
    "on this host has a session cookie of the same `name`."
  );
}

function describeCookie(req: Request): string {
  const { path, domain, secure, sameSite } = sessionOf(req)?.cookie ?? {};
  return `path ${String(path)}, domain ${String(domain ?? "of the page")}, secure ${String(secure ?? false)}, sameSite ${String(sameSite ?? "not set")}`;
}
