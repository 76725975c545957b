import type { Request, Response } from "express";
import { parseCookie } from "cookie";
import type { SignInConfig } from "../config/config";
import { ConfigError } from "../errors";
import { createCookies } from "./cookies";

const memoryMs = 60_000;

/**
 * Notices a browser that has just signed in and arrives again without its session cookie: sending it to Aircall once
 * more would go on for ever.
 */
export interface LoopGuard {
  /** Remembers a success for a minute. */
  remember(res: Response): void;
  /** @throws {ConfigError} that names the session cookie; once, so that trying again is possible. */
  check(req: Request, res: Response): void;
}

export function createLoopGuard(config: SignInConfig): LoopGuard {
  const cookies = createCookies(config);
  const name = cookies.nameOf("signed_in");

  return {
    remember: (res) => void res.append("Set-Cookie", cookies.keep(name, "1", memoryMs)),
    check(req, res) {
      const { [name]: signedIn, ...others } = parseCookie(req.headers.cookie ?? "");
      if (signedIn === undefined) return;
      res.append("Set-Cookie", cookies.remove(name));
      // express-session's cookies are signed and begin with "s:", whatever their name.
      const returned = Object.values(others).some((value) => value?.startsWith("s:"));
      if (returned) return;
      throw new ConfigError(
        `Signing in succeeded a moment ago, but the browser did not return the session cookie (${describeCookie(req)}). ` +
          "Check its domain, path, secure and sameSite settings against the address in the browser's bar.",
      );
    },
  };
}

function describeCookie(req: Request): string {
  const { cookie } = (req as Request & { session: { cookie: Record<string, unknown> } }).session;
  const { path, domain, secure, sameSite } = cookie;
  return `path ${String(path)}, domain ${String(domain ?? "of the page")}, secure ${String(secure ?? false)}, sameSite ${String(sameSite ?? "not set")}`;
}
