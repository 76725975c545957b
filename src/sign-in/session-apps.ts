import { releaseLinks } from "../grants/ownership";
import { appsOf, linksOf, mayHoldLinks, type Hold } from "../grants/session-grants";
import type { GrantStore } from "../grants/store";
import { beforeStoredEnd } from "../session/stored-ends";

export { sessionStoreOf } from "../session/session";

/** Where one Aircall app keeps the grants of its sessions, and whose they are. */
export interface AppGrants {
  readonly grants: GrantStore;
  readonly hold: Hold;
}

/** By session store: a session may hold the grants of several apps, and ends those of all. */
const appsByStore = new WeakMap<object, Map<string, AppGrants>>();

/** Remembers, at each request, where an app's grants are: whoever ends a session of this store must find them. */
export function noteApp(sessionStore: object, app: string, appGrants: AppGrants): void {
  const apps = appsByStore.get(sessionStore) ?? new Map<string, AppGrants>();
  if (apps.get(app)?.grants === appGrants.grants) return;
  appsByStore.set(sessionStore, apps.set(app, appGrants));
  beforeStoredEnd(sessionStore, (sessionId, read) => releaseStored(apps, sessionId, read));
}

/** The apps that were seen with this session store; undefined while there was none. */
export function appsWith(sessionStore: object | undefined): ReadonlyMap<string, AppGrants> | undefined {
  return sessionStore && appsByStore.get(sessionStore);
}

/**
 * Ends what a session links to, for all its apps. An app that this process has not seen keeps its grants where the
 * others do. Answers how many grants ended.
 */
export async function releaseSession(session: object, apps: ReadonlyMap<string, AppGrants>): Promise<number> {
  const [any] = apps.values();
  if (!any) return 0;
  const ended = await Promise.all(
    appsOf(session).map((app) => {
      // Of links that do not say whose the grant is, only their own app knows: a company's must not end with a session.
      const { grants, hold } = apps.get(app) ?? { ...any, hold: "company" as const };
      return releaseLinks(grants, linksOf(session, app), hold);
    }),
  );
  return ended.reduce((sum, count) => sum + count, 0);
}

/** Ends what a session links to that is destroyed without a request of its own; `read` finds what is stored of it. */
async function releaseStored(
  apps: ReadonlyMap<string, AppGrants>,
  sessionId: string,
  read: () => Promise<unknown>,
): Promise<void> {
  const document = await read();
  if (typeof document !== "object" || !mayHoldLinks(document)) return;
  await releaseSession(Object.defineProperty({ ...document }, "id", { value: sessionId }), apps);
}
