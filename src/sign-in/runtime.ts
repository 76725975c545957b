import type { Request } from "express";
import { createAudit, type Audit } from "../companies/audit";
import { runtimeKey } from "../connections/request-context";
import type { CompanyLike } from "../config/company-id";
import { ConfigError } from "../errors/errors";
import { grantsOf } from "../grants/stores/default";
import { heldBySession, type Ownership } from "../grants/ownership";
import { absentSession, otherSession } from "../session/absent";
import { sessionOf, sessionStoreOf } from "../session/session";
import type { GrantStore } from "../grants/store";
import { appsWith, type AppGrants } from "./session-apps";

type CompanyAnswer = CompanyLike | null | undefined;

/** Where an app's grants are kept, and whose they are. */
export interface Keeping {
  /** The store the app chose; null where the session store keeps the grants. */
  readonly grants: GrantStore | null;
  /** Whose the grants are. */
  readonly holding: Ownership;
  /** With which the session store's grants are sealed; empty for none. */
  readonly encryptionKeys: readonly string[];
  readonly acceptUnsealed: boolean;
  /** Whose grant a request works with, where the app says so. */
  readonly company: ((req: Request) => CompanyAnswer | Promise<CompanyAnswer>) | null;
  /** Hears who has signed in. */
  readonly audit: Audit;
}

/** What the middleware leaves on each request, in `req.aircall`, so that a strategy finds the grants that the middleware will read. */
export interface Runtime extends Keeping {
  /** See {@link appKey}; null for a middleware without a client id. */
  readonly app: string | null;
  /** Where signing in begins, as the browser sees it; null when this library serves no such route. */
  readonly signInPath: string | null;
  /** What a path of this process is called where browsers are, before a proxy that changes its prefix. */
  readonly publicPath: (path: string) => string;
  /** Where someone goes who wanted no page in particular, as the browser sees it. */
  readonly homePath: string;
}

/** Null where no aircallAuth() came by. */
export function runtimeOf(req: object): Runtime | null {
  const { aircall }: { aircall?: { [runtimeKey]?: Runtime } } = req;
  return aircall?.[runtimeKey] ?? null;
}

/** Where the grants live of whoever keeps them so. */
export function grantsFor(
  req: Request,
  { grants, encryptionKeys, acceptUnsealed }: Pick<Keeping, "grants" | "encryptionKeys" | "acceptUnsealed">,
): GrantStore {
  if (grants) return grants;
  const sessionStore = sessionStoreOf(req);
  if (sessionStore) return grantsOf(sessionStore, { encryptionKeys, acceptUnsealed });
  throw sessionOf(req) ? new ConfigError(otherSession) : absentSession();
}

/** The same for one keeping, which looks once for each session store. */
export function createGrantsFor(keeping: Parameters<typeof grantsFor>[1]): (req: Request) => GrantStore {
  const known = new WeakMap<object, GrantStore>();

  return function grantsForRequest(req) {
    const sessionStore = sessionStoreOf(req);
    const found = (sessionStore && known.get(sessionStore)) ?? grantsFor(req, keeping);
    if (sessionStore) known.set(sessionStore, found);
    return found;
  };
}

/** How each app's middlewares in this process keep its grants: a strategy may run where none of them came by. */
const keepingsByApp = new Map<string, Set<Keeping>>();

/** Until the middleware is closed. */
export function announceKeeping(app: string, keeping: Keeping): () => void {
  const keepings = keepingsByApp.get(app) ?? new Set();
  keepingsByApp.set(app, keepings.add(keeping));
  return () => void (keepings.delete(keeping) && keepings.size === 0 && keepingsByApp.delete(app));
}

/**
 * How this app's grants are kept: as the middleware on this request does, or else as its middlewares elsewhere do.
 * @throws {ConfigError} they do it in different ways, or those on this request are another app's.
 */
export function keepingFor(req: Request, app: string): Keeping {
  const here = runtimeOf(req);
  if (here && (here.app === app || here.app === null)) return here;
  const [first, ...others] = keepingsByApp.get(app) ?? [];
  if (!first && here?.app) throw new ConfigError(otherClient);
  if (!first) return here ?? asSessionsDo;
  if (others.every((other) => sameKeeping(other, first))) return first;
  throw new ConfigError(
    "Mount aircallAuth() before the Passport routes of Aircall: several keep this app's grants, each in its own way, and " +
      "none of them came by here.",
  );
}

const otherClient =
  "AircallStrategy and aircallAuth() have different client ids, so req.aircall would never find what signing in connects. " +
  "Give both the same OAuthClientId, or mount an aircallAuth() of the strategy's.";

const asSessionsDo: Keeping = {
  grants: null,
  holding: heldBySession,
  encryptionKeys: [],
  acceptUnsealed: false,
  company: null,
  audit: createAudit({ onAudit: null, actor: null }),
};

function sameKeeping(one: Keeping, other: Keeping): boolean {
  const keys = (keeping: Keeping) => JSON.stringify(keeping.encryptionKeys);
  return one.grants === other.grants && one.holding === other.holding && keys(one) === keys(other);
}

/** The apps whose grants a session of this request may hold. */
export function appsOfRequest(req: Request): ReadonlyMap<string, AppGrants> {
  const seen = appsWith(sessionStoreOf(req));
  if (seen) return seen;
  const keeping = runtimeOf(req) ?? asSessionsDo;
  return new Map([["", { grants: grantsFor(req, keeping), hold: keeping.holding.hold }]]);
}
