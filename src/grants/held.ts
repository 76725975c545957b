import { isGrantId } from "./grant";

/** The key of ours in the app's session: an array of grant ids, the current one first. Never a token. */
const sessionKey = "aircall";

/** What a session is, as far as grants go. */
export type GrantHolder = Record<string, unknown>;

/** The grants a session holds, the current one first; none when what stands there is not ours. */
export function heldGrants(session: object | null | undefined): readonly string[] {
  const held = session && Object.hasOwn(session, sessionKey) ? (session as GrantHolder)[sessionKey] : null;
  return Array.isArray(held) ? held.filter(isGrantId) : [];
}

/** Makes the session hold exactly these grants. */
export function holdGrants(session: object, ids: readonly string[]): void {
  if (ids.length > 0) (session as GrantHolder)[sessionKey] = [...ids];
  else delete (session as GrantHolder)[sessionKey];
}
