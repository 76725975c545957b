import { sessionGrants } from "./session-store";
import type { SessionStore } from "./session-records";
import type { GrantStore } from "./store";

/** Not a cache: two stores over one session store would not see each other's locks. */
const grantsBySessionStore = new WeakMap<SessionStore, GrantStore>();

/** The grants kept in this session store; the same ones for everybody who asks in this process. */
export function grantsOf(sessionStore: SessionStore): GrantStore {
  const known = grantsBySessionStore.get(sessionStore);
  if (known) return known;
  const grants = sessionGrants(sessionStore);
  grantsBySessionStore.set(sessionStore, grants);
  return grants;
}
