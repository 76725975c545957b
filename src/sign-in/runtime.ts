import type { Request } from "express";
import { ConfigError } from "../errors";
import { noSession } from "./doctor";
import { grantsOf } from "../grants/choose-store";
import type { SessionStore } from "../grants/session-records";
import type { GrantStore } from "../grants/store";

const key = Symbol("express-aircall.runtime");

/** What the middleware leaves on each request, so that a strategy finds the grants that the middleware will read. */
export interface Runtime {
  /** The store the app chose; null where the session store keeps the grants. */
  readonly grants: GrantStore | null;
  /** Where signing in begins, as the browser sees it; null when this library serves no such route. */
  readonly signInPath: string | null;
  /** What a proxy in front took off the path; empty without one. */
  readonly strippedPrefix: string;
}

export function leaveRuntime(req: Request, runtime: Runtime): void {
  (req as Request & { [key]?: Runtime })[key] = runtime;
}

export function runtimeOf(req: Request): Runtime | null {
  return (req as Request & { [key]?: Runtime })[key] ?? null;
}

/** Where this request's grants live. */
export function grantsFor(req: Request): GrantStore {
  const chosen = runtimeOf(req)?.grants;
  if (chosen) return chosen;
  const { sessionStore } = req as Request & { sessionStore?: SessionStore };
  if (sessionStore) return grantsOf(sessionStore);
  throw new ConfigError(noSession);
}
