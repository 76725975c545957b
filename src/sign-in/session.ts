import { releaseLinks, type Ownership } from "../grants/ownership";
import { copiedLinks, holdLinks, linksOf, type SessionLink } from "../grants/session-grants";
import { storeCall } from "../session/store-call";
import type { Session, StartedRequest } from "../session/session";
import type { GrantStore } from "../grants/store";
import { endLinks, moveEach, moveLinks } from "./moved-links";
import { appsWith } from "./session-apps";
import { sessionLifeMs } from "./session-life";
import { movingSession, surviveRegeneration } from "./ways-out";

/** Where a session's grants are kept, whose they are, and which app's. */
export interface SessionKeeping {
  readonly grants: GrantStore;
  readonly holding: Ownership;
  /** See {@link appKey}. */
  readonly app: string;
}

/** The grant that a session is to hold. */
export interface Connecting {
  readonly id: string;
  readonly link: string;
  /** Before those it holds, in place of replacing them. */
  readonly add: boolean;
  /** Ids of grants that were added at the same time. */
  readonly siblings?: readonly string[];
}

/**
 * Gives the session a new id and makes it hold this grant: in place of those it held, which it lets go, or before them.
 * What it goes on holding, it holds by links of its own: those of the old id lead nowhere. Resolves when the session is
 * stored; when that fails, it holds what it held.
 */
export async function connectSession(
  req: StartedRequest,
  keeping: SessionKeeping,
  { id, link, add, siblings = [] }: Connecting,
): Promise<void> {
  const { grants, holding, app } = keeping;
  const held = linksOf(req.session, app);
  const others = held.filter((other) => other.id !== id);
  const replaced = add ? await ofSameCompany(grants, id, others) : others;
  const kept = others.filter((other) => !replaced.includes(other));
  const lifeMs = sessionLifeMs(req);
  // A sibling may have ended the link that this session still has to its grant.
  const added = siblings
    .filter((other) => other !== id)
    .map((other) => ({ id: other, link: null, hold: holding.hold }));
  const goingOn = [...kept.filter((other) => !siblings.includes(other.id)), ...added];
  const former = req.session;
  await startAfresh(req);
  const endOthers = await holdAndSave();
  surviveRegeneration(req.session);
  await releaseLinks(grants, replaced, holding.hold);
  await endLinks(grants, [...kept, ...held.filter((other) => other.id === id)]);
  await endOthers();

  async function holdAndSave(): Promise<() => Promise<void>> {
    try {
      const moved = await moveEach(grants, goingOn, lifeMs);
      const end = await moveOtherApps(req, { former, app, lifeMs });
      holdLinks(req.session, app, [{ id, link, hold: holding.hold }, ...moved]);
      await storeCall("save the session", req.sessionStore, (done) => req.session.save(done));
      return end;
    } catch (error) {
      // express-session tries again when the answer ends: then as if nobody had signed in.
      holdLinks(req.session, app, held);
      throw error;
    }
  }
}

/** What the session holds for other Aircall apps goes on, by links of its own. Answers what ends the former ones. */
function moveOtherApps(
  req: StartedRequest,
  { former, app, lifeMs }: { readonly former: Session; readonly app: string; readonly lifeMs: number },
): Promise<() => Promise<void>> {
  const others = new Map(copiedLinks(req.session, former.id));
  others.delete(app);
  return moveLinks(others, req.session, { apps: appsWith(req.sessionStore) ?? new Map(), lifeMs });
}

/** A new session id, so that one planted before signing in is worthless; what the app kept moves along. */
async function startAfresh(req: StartedRequest): Promise<void> {
  const { session, sessionID, sessionStore } = req;
  try {
    await movingSession(session, () =>
      storeCall("begin a new session", sessionStore, (done) => session.regenerate(done)),
    );
  } catch (error) {
    // express-session has put an empty session here all the same.
    Object.assign(req, { session, sessionID });
    throw error;
  }
  // With its cookie: how long a visitor is remembered is the app's, too.
  Object.assign(req.session, { ...session });
}

async function ofSameCompany(
  grants: GrantStore,
  id: string,
  others: readonly SessionLink[],
): Promise<readonly SessionLink[]> {
  const [grant, ...rest] = await Promise.all([id, ...others.map((other) => other.id)].map((one) => grants.get(one)));
  const companyId = grant?.account.id ?? null;
  return others.filter((_, index) => companyId !== null && rest[index]?.account.id === companyId);
}
