import type { Request, Response } from "express";
import { createExpiringMap } from "../grants/expiring-map";
import { linksOf, mayHoldLinks, type SessionLink } from "../grants/session-links";
import type { GrantStore } from "../grants/store";
import { appsWith, noteApp, sessionStoreOf, type AppGrants } from "./session-apps";
import { sessionLifeMs } from "./session-life";
import { watchWaysOut } from "./ways-out";

const maxRemembered = 100_000;

export interface VisitsParts {
  /** Whose grants; see {@link appKey}. */
  readonly app: string;
  readonly grantsOf: (req: Request) => AppGrants;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

/**
 * Lets grants live as long as the sessions that link to them really do: each visit counts, whether it uses a grant or
 * not. One write per process and quarter of the session's life, after the answer.
 */
export function createVisits({ app, grantsOf, now = Date.now }: VisitsParts): (req: Request, res: Response) => void {
  const prolonged = createExpiringMap<number>(maxRemembered, now);

  async function prolong(grants: GrantStore, { id, link }: SessionLink, lifeMs: number): Promise<void> {
    const key = `${id} ${link}`;
    const known = prolonged.get(key);
    if (known !== undefined && lifeMs <= known) return;
    prolonged.set(key, lifeMs, Math.min(lifeMs, (grants.longestLifeMs ?? Infinity) / 2) / 4);
    // What could not be written now is tried again at the next visit.
    await grants.prolong(id, lifeMs, link ?? undefined).catch(() => prolonged.delete(key));
  }

  function leave(req: Request): void {
    const { session } = req as Request & { session?: object | null };
    if (!mayHoldLinks(session)) return;
    const { grants } = grantsOf(req);
    for (const link of linksOf(session, app)) void prolong(grants, link, sessionLifeMs(req));
  }

  return function visit(req, res) {
    const { session } = req as Request & { session?: object | null };
    const sessionStore = sessionStoreOf(req);
    if (!session || !sessionStore) return;
    watchWaysOut(session);
    if (!appsWith(sessionStore)?.has(app)) noteApp(sessionStore, app, grantsOf(req));
    if (mayHoldLinks(session) && typeof res.once === "function") res.once("close", () => leave(req));
  };
}
