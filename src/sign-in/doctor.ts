import type { Request } from "express";
import type { SignInConfig } from "../config/config";
import { ConfigError } from "../errors";
import { noSession, otherSession } from "../grants/no-session";

interface Examined {
  readonly session?: {
    readonly regenerate?: unknown;
    readonly cookie?: { readonly secure?: unknown; readonly sameSite?: unknown; readonly path?: string };
  };
  readonly sessionStore?: object;
}

export interface Doctor {
  /** @throws {ConfigError} when the callback could not succeed. Warns once of what may make it fail. */
  examine(req: Request): void;
}

/** Looks at the session before anybody is sent away to a sign-in that cannot come back. */
export function createDoctor(config: SignInConfig, { warn = emitWarning, production = isProduction() } = {}): Doctor {
  const warned = new Set<string>();

  return {
    examine(req) {
      const fault = faultOf(req, production);
      if (fault) throw new ConfigError(fault);
      for (const doubt of doubtsOf(req, config)) {
        if (warned.has(doubt)) continue;
        warned.add(doubt);
        warn(doubt);
      }
    },
  };
}

function faultOf(req: Request, production: boolean): string | null {
  const { session, sessionStore } = req as Request & Examined;
  if (session && typeof session.regenerate !== "function") {
    return otherSession;
  }
  if (!session || !sessionStore) return noSession;
  if (session.cookie?.secure === true && !req.secure && !calledHttpsByProxy(req)) {
    return (
      "The session cookie is `secure`, but this request came over plain HTTP, so the browser would never get it. " +
      'Use https, or behind a proxy app.set("trust proxy", 1), or cookie.secure: "auto".'
    );
  }
  if (session.cookie?.sameSite === true || session.cookie?.sameSite === "strict") {
    return 'The session cookie is `sameSite: "strict"`: the browser leaves it out when Aircall sends it back. Use "lax".';
  }
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
  const { path = "/", secure } = (req as Request & Examined).session?.cookie ?? {};
  const doubts: string[] = [];
  if (host !== undefined && host !== callback.host && req.get("x-forwarded-host") === undefined) {
    doubts.push(`Signing in began on another host than CallbackURL's (${callback.host}): its cookies stay behind.`);
  }
  if (!callback.pathname.startsWith(path)) {
    doubts.push(`The session cookie's path (${path}) does not cover CallbackURL's path (${callback.pathname}).`);
  }
  if (secure === true && !req.secure && calledHttpsByProxy(req)) {
    doubts.push(
      "The session cookie is `secure`, and a proxy says that visitors come by https, but Express does not trust it: " +
        'use app.set("trust proxy", 1), unless session() has `proxy: true`.',
    );
  }
  return doubts;
}

function calledHttpsByProxy(req: Request): boolean {
  return req.get("x-forwarded-proto")?.split(",")[0]?.trim() === "https";
}

/** express-session's own; the package memorystore has a class of that name too, which does not grow without end. */
function isMemoryStore(store: object): boolean {
  return store.constructor.name === "MemoryStore" && Object.hasOwn(store, "sessions");
}

function isProduction(): boolean {
  return process.env["NODE_ENV"] === "production";
}

function emitWarning(message: string): void {
  process.emitWarning(message, { code: "EXPRESS_AIRCALL_SIGN_IN" });
}
