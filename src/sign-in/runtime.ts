import type { Request } from "express";
import { ConfigError } from "../errors";
import { grantsOf } from "../grants/choose-store";
import { heldBySession, type Holding } from "../grants/holding";
import { noSession, otherSession } from "../grants/no-session";
import type { SessionStore } from "../grants/session-records";
import type { GrantStore } from "../grants/store";

/** By name, so that `req.aircall` can carry it without knowing this room: each property on a request costs its own. */
const runtimeKey: unique symbol = Symbol.for("express-aircall.runtime") as never;

/** What the middleware leaves on each request, in `req.aircall`, so that a strategy finds the grants that the middleware will read. */
export interface Runtime {
  /** The store the app chose; null where the session store keeps the grants. */
  readonly grants: GrantStore | null;
  /** Whose the grants are. */
  readonly holding: Holding;
  /** With which the session store's grants are sealed; empty for none. */
  readonly encryptionKeys: readonly string[];
  /** Where signing in begins, as the browser sees it; null when this library serves no such route. */
  readonly signInPath: string | null;
  /** What a path of this process is called where browsers are, before a proxy that changes its prefix. */
  readonly publicPath: (path: string) => string;
  /** Where someone goes who wanted no page in particular, as the browser sees it. */
  readonly homePath: string;
}

/** Null where no aircallAuth() came by. */
export function runtimeOf(req: Request): Runtime | null {
  return (req as { aircall?: { [runtimeKey]?: Runtime } }).aircall?.[runtimeKey] ?? null;
}

/** Where this request's grants live. */
export function grantsFor(req: Request): GrantStore {
  const { grants = null, encryptionKeys = [] } = runtimeOf(req) ?? {};
  if (grants) return grants;
  const { session, sessionStore } = req as Request & { session?: object; sessionStore?: SessionStore };
  if (sessionStore) return grantsOf(sessionStore, { encryptionKeys });
  throw new ConfigError(session ? otherSession : noSession);
}

/** Whose the grants of this request's app are. */
export function holdingFor(req: Request): Holding {
  return runtimeOf(req)?.holding ?? heldBySession;
}
