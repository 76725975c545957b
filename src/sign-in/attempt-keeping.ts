import type { Request, Response } from "express";
import { parseCookie } from "cookie";
import type { SignInConfig } from "../config/config";
import {
  createAttempts,
  createAttemptSeal,
  isAttempt,
  newAttempt,
  sameText,
  type Attempt,
  type AttemptWish,
} from "./attempt";
import { sessionOf } from "../session/session";
import { createCookies } from "./cookies";
import { sessionCookieNames } from "./doctor/session-cookie";

const lifeMs = 10 * 60_000;
const mostAttempts = 5;
/** Browsers refuse a cookie of more than 4,096 bytes, its name and attributes included. */
const longest = 3_800;

/** Where the attempts of one browser are kept between leaving for Aircall and coming back. */
export interface AttemptKeeping {
  start(req: Request, res: Response, wish: AttemptWish): Attempt;
  /** Null when this browser did not begin it, or longer than ten minutes ago. */
  find(req: Request, state: string): Attempt | null;
  /** The states of the other attempts that this browser's own cookies hold: a session that holds them may be planted. */
  others(req: Request, state: string): string[];
  end(req: Request, res: Response, state: string): void;
}

export function createAttemptKeeping(config: SignInConfig): AttemptKeeping {
  if (config.attemptCookie !== null) return inOneCookie(config, config.attemptCookie);
  const attempts = createAttempts(config);
  return {
    start(req, res, wish) {
      const { attempt, setCookies } = attempts.start(req.headers.cookie, wish);
      res.append("Set-Cookie", setCookies);
      return attempt;
    },
    find: (req, state) => attempts.find(req.headers.cookie, state),
    others: (req, state) => attempts.others(req.headers.cookie, state),
    end: (_req, res, state) => void res.append("Set-Cookie", attempts.end(state)),
  };
}

/** All of them in one sealed text: in the cookie of this name or, where that is the session's, in the session. */
export function inOneCookie(config: SignInConfig, name: string, now: () => number = Date.now): AttemptKeeping {
  const seal = createAttemptSeal(config);
  const cookies = createCookies(config);

  function opened(sealed: unknown): Attempt[] {
    const text = typeof sealed === "string" ? seal.open(sealed, name) : null;
    const kept: unknown = text === null ? null : JSON.parse(text);
    return Array.isArray(kept) ? kept.filter(isAttempt) : [];
  }

  function attemptsOf(req: Request): Attempt[] {
    const kept = [sessionOf(req)?.[sessionKey], parseCookie(req.headers.cookie ?? "")[name]];
    return kept.flatMap(opened).filter(({ startedAt }) => now() - startedAt < lifeMs);
  }

  function statesInCookie(req: Request): string[] {
    return opened(parseCookie(req.headers.cookie ?? "")[name])
      .filter(({ startedAt }) => now() - startedAt < lifeMs)
      .map(({ state }) => state);
  }

  function keep(req: Request, res: Response, attempts: readonly Attempt[]): void {
    const sealed = attempts.length > 0 ? seal.close(JSON.stringify(attempts), name) : "";
    if (sealed.length > longest) return keep(req, res, attempts.slice(0, -1));
    const session = sessionOf(req);
    const elsewhere = hasCookieOfItsOwn(req, name);
    if (session && sealed && !elsewhere) session[sessionKey] = sealed;
    else if (session) delete session[sessionKey];
    if (elsewhere) res.append("Set-Cookie", cookies.keep(name, sealed, sealed ? lifeMs : 0));
  }

  return {
    start(req, res, wish) {
      const attempt = newAttempt(config, wish, { startedAt: now() });
      keep(req, res, [attempt, ...attemptsOf(req)].slice(0, mostAttempts));
      return attempt;
    },
    find: (req, state) => attemptsOf(req).find((attempt) => sameText(attempt.state, state)) ?? null,
    others: (req, state) => statesInCookie(req).filter((other) => other !== state),
    end: (req, res, state) =>
      keep(
        req,
        res,
        attemptsOf(req).filter((attempt) => attempt.state !== state),
      ),
  };
}

const sessionKey = "aircallAttempts";

/**
 * Whether the session's cookie has another name. express-session tells nobody: a request that brings the cookie does.
 * Where none comes, both may have one name, and the session's would replace ours: the session is the safe place.
 */
function hasCookieOfItsOwn(req: Request, name: string): boolean {
  return sessionCookieNames(req).some((other) => other !== name);
}
