import { fields } from "../config/fields";
import { copiedLinks, holdLinks, linksOf, appsOf, newLink, type SessionLink } from "../grants/session-grants";
import type { GrantStore } from "../grants/store";
import type { Session } from "../session/session";
import type { AppGrants } from "./session-apps";
import { sessionLifeMs } from "./session-life";

/** Within the request that signed in: the id of before was never told to anybody, so its links go on. */
export function moveWithinRequest(from: object, to: object): void {
  for (const app of appsOf(from)) holdLinks(to, app, linksOf(from, app));
}

/**
 * Gives a session links of its own to what another one held. Answers what ends the former links, to be done once the
 * session is saved.
 */
export async function moveLinks(
  held: ReadonlyMap<string, readonly SessionLink[]>,
  fresh: object,
  { apps, lifeMs }: { readonly apps: ReadonlyMap<string, AppGrants>; readonly lifeMs: number },
): Promise<() => Promise<void>> {
  const [any] = apps.values();
  const ends = await Promise.all(
    Array.from(held, async ([app, links]) => {
      const grants = (apps.get(app) ?? any)?.grants;
      if (!grants) throw new TypeError("no app keeps grants here");
      holdLinks(fresh, app, await moveEach(grants, links, lifeMs));
      return () => endLinks(grants, links);
    }),
  );
  return async () => void (await Promise.all(ends.map((end) => end())));
}

/** New links in place of these: for those that lead to a grant still. */
export async function moveEach(
  grants: GrantStore,
  links: readonly SessionLink[],
  lifeMs: number,
): Promise<SessionLink[]> {
  return (await Promise.all(links.map((link) => moveLink(grants, link, lifeMs)))).flat();
}

/** The grants stay. */
export async function endLinks(grants: GrantStore, links: readonly SessionLink[]): Promise<void> {
  await Promise.all(links.map(({ id, link }) => (link === null ? Promise.resolve() : grants.unlink(id, link))));
}

export interface CopiedLinks {
  readonly former: Session;
  readonly fresh: Session;
  readonly apps: ReadonlyMap<string, AppGrants>;
}

/**
 * Gives a session that Passport logged in with `keepSessionInfo` links of its own to what the former one held. Answers
 * what ends the former links, to be done once the session is saved; null when this is no such session.
 */
export async function moveCopiedLinks(
  req: object,
  { former, fresh, apps }: CopiedLinks,
): Promise<(() => Promise<void>) | null> {
  const copied = copiedLinks(fresh, former.id);
  if (copied.size === 0 || !isKeptByPassport(req, former, fresh)) return null;
  return moveLinks(copied, fresh, { apps, lifeMs: sessionLifeMs(req) });
}

async function moveLink(grants: GrantStore, former: SessionLink, lifeMs: number): Promise<SessionLink[]> {
  const link = newLink();
  return (await grants.link(former.id, link, lifeMs, former.link ?? undefined)) ? [{ ...former, link }] : [];
}

/** `keepSessionInfo` copies everything, the cookie too, and then puts the user in: a logout leaves none there. */
function isKeptByPassport(req: object, former: Session, fresh: Session): boolean {
  const { _key: key = "passport" } = fields("_sessionManager" in req ? req._sessionManager : null);
  const { user } = fields(typeof key === "string" ? fresh[key] : null);
  return fresh.cookie === former.cookie && user !== undefined && user !== null;
}
