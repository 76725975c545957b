import type { Request, Response } from "express";
import { createProlonging } from "../grants/prolong";
import { linksOf, mayHoldLinks } from "../grants/session-grants";
import { sessionOf, sessionStoreOf } from "../session/session";
import { appsWith, noteApp, type AppGrants } from "./session-apps";
import { sessionLifeMs } from "./session-life";
import { watchWaysOut } from "./ways-out";

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
  const prolong = createProlonging(now);

  function leave(req: Request): void {
    const session = sessionOf(req);
    if (!mayHoldLinks(session)) return;
    for (const { id, link } of linksOf(session, app)) {
      void prolong(grantsOf(req).grants, id, { lifeMs: sessionLifeMs(req), link });
    }
  }

  return function visit(req, res) {
    const session = sessionOf(req);
    const sessionStore = sessionStoreOf(req);
    if (!session || !sessionStore) return;
    watchWaysOut(session);
    if (!appsWith(sessionStore)?.has(app)) noteApp(sessionStore, app, grantsOf(req));
    if (mayHoldLinks(session) && typeof res.on === "function") res.on("close", () => leave(req));
  };
}
