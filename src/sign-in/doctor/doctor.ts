import type { Request } from "express";
import type { SignInConfig } from "../../config/config";
import { ConfigError } from "../../errors/errors";
import { absentSession, otherSession } from "../../session/absent";
import { isMemoryStore } from "../../session/memory-stores";
import { sessionOf, sessionStoreOf, type SessionCookie } from "../../session/session";
import { calledHttpsByProxy, isPlainStart, plainStart } from "./plain-start";
import { domainFault, nameDoubts, sameSiteFault, unresolved } from "./session-cookie";
import { examineSecret } from "./session-secret";

export interface Doctor {
  /** @throws {ConfigError} when the callback could not succeed. Warns once of what may make it fail. */
  examine(req: Request): void;
  /** The same, before somebody is sent away. */
  examineStart(req: Request): void;
}

/** Looks at the session before anybody is sent away to a sign-in that cannot come back. */
export function createDoctor(config: SignInConfig, { warn = emitWarning, production = isProduction() } = {}): Doctor {
  const warned = new Set<string>();
  let weakSecret = false;

  function warnOnce(doubts: readonly string[]): void {
    for (const doubt of doubts) {
      if (warned.has(doubt)) continue;
      warned.add(doubt);
      warn(doubt);
    }
  }

  /** What one visitor's cookie proves holds for all. */
  function examineForgery(req: Request): void {
    const found = weakSecret ? "weak" : examineSecret(req);
    weakSecret = found === "weak";
    if (weakSecret && production) throw new ConfigError(knownSecret);
    if (found) warnOnce([weakSecret ? knownSecret : parserSecret]);
  }

  function examine(req: Request): void {
    const fault = faultOf(req, config, production);
    if (fault) throw new ConfigError(fault);
    examineForgery(req);
    warnOnce(doubtsOf(req, config));
  }

  return {
    examine,
    examineStart(req) {
      examine(req);
      const plain = isPlainStart(req, config);
      if (plain === "certain") throw new ConfigError(plainStart);
      if (plain === "likely") warnOnce([plainStart]);
    },
  };
}

const knownSecret =
  "The secret that signs session cookies is an example from documentation, or shorter than 16 characters: anybody can " +
  "sign in as anybody. Give session() a secret of its own, such as `openssl rand -base64 32` prints.";

const parserSecret =
  "cookie-parser's secret is an example, or shorter than 16 characters, and it signs the session's cookie too where " +
  "session() has no secret of its own. Give both a long one, such as `openssl rand -base64 32` prints.";

function faultOf(req: Request, config: SignInConfig, production: boolean): string | null {
  const [session, sessionStore] = [sessionOf(req), sessionStoreOf(req)];
  if (session && typeof session.regenerate !== "function") {
    return otherSession;
  }
  if (!session || !sessionStore) throw absentSession();
  const cookie: SessionCookie = session.cookie ?? {};
  if (cookie.secure && !req.secure && !calledHttpsByProxy(req)) {
    if (cookie.secure === "auto") return unresolved("secure", "true or false");
    return (
      "The session cookie is `secure`, but this request came over plain HTTP, so the browser would never get it. " +
      'Use https, or behind a proxy app.set("trust proxy", 1), or cookie.secure: "auto".'
    );
  }
  const fault = sameSiteFault(cookie) ?? domainFault(cookie, config);
  if (fault) return fault;
  if (production && isMemoryStore(sessionStore)) {
    return (
      "express-session's MemoryStore forgets every connection at a restart and grows without end: in production give " +
      "session() a store, e.g. connect-redis."
    );
  }
  return null;
}

function doubtsOf(req: Request, config: SignInConfig): string[] {
  const callback = new URL(config.callbackUrl);
  const { host } = req.headers;
  const { path = "/", secure } = sessionOf(req)?.cookie ?? {};
  const doubts = nameDoubts(req, config);
  if (host !== undefined && host !== callback.host && req.get("x-forwarded-host") === undefined) {
    doubts.push(`Signing in began on another host than CallbackURL's (${callback.host}): its cookies stay behind.`);
  }
  if (!callback.pathname.startsWith(path)) {
    doubts.push(`The session cookie's path (${path}) does not cover CallbackURL's path (${callback.pathname}).`);
  }
  if (secure && !req.secure && calledHttpsByProxy(req)) {
    doubts.push(
      "The session cookie is `secure`, and a proxy says that visitors come by https, but Express does not trust it: " +
        'use app.set("trust proxy", 1), unless session() has `proxy: true`.',
    );
  }
  return doubts;
}

function isProduction(): boolean {
  return process.env["NODE_ENV"] === "production";
}

function emitWarning(message: string): void {
  process.emitWarning(message, { code: "EXPRESS_AIRCALL_SIGN_IN" });
}
