import { createHash } from "node:crypto";
import { isGrantId } from "./grant";

/**
 * The key of ours in an app's session: for each of its Aircall apps the ids of the grants it holds, the current one
 * first. Never a token.
 */
const sessionKey = "aircall";

/** What keeps two Aircall apps apart that share a session: one's grants are nothing to the other. */
export function appKey(clientId: string): string {
  return createHash("sha256").update(clientId).digest("base64url").slice(0, 8);
}

/** The grants a session holds for this app, the current one first; for every app when `app` is null. */
export function heldGrants(session: object | null | undefined, app: string | null): readonly string[] {
  const apps = appsIn(session);
  const held = app === null ? Object.values(apps).flat() : Object.hasOwn(apps, app) ? apps[app] : null;
  return Array.isArray(held) ? held.filter(isGrantId) : [];
}

/** Makes the session hold exactly these grants for this app. */
export function holdGrants(session: object, app: string, ids: readonly string[]): void {
  const { [app]: _replaced, ...others } = appsIn(session);
  put(session, ids.length > 0 ? { ...others, [app]: [...ids] } : others);
}

/** Makes the session hold this grant no longer, whichever app's it was. */
export function letGo(session: object, id: string): void {
  for (const app of Object.keys(appsIn(session))) {
    const held = heldGrants(session, app);
    if (held.includes(id))
      holdGrants(
        session,
        app,
        held.filter((other) => other !== id),
      );
  }
}

/** Makes one session hold what the other does. */
export function copyHeld(from: object, to: object): void {
  put(to, appsIn(from));
}

/** Own properties only, of an object that may hold anything. */
function appsIn(session: object | null | undefined): Record<string, unknown> {
  const stored =
    session && Object.hasOwn(session, sessionKey) ? (session as Record<string, unknown>)[sessionKey] : null;
  return typeof stored === "object" && stored !== null && !Array.isArray(stored) ? { ...stored } : {};
}

function put(session: object, apps: Record<string, unknown>): void {
  if (Object.keys(apps).length > 0) (session as Record<string, unknown>)[sessionKey] = apps;
  else delete (session as Record<string, unknown>)[sessionKey];
}
