import type { NextFunction, Request, Response } from "express";
import { isStoreDisconnected, watchConnection } from "./disconnection";
import { absentSession } from "./absent";
import { onStoreTimeOf } from "../time/store-time";
import { refuseRequest } from "../config/refuse-request";
import type { Handler } from "./handlers";
import { HeldAnswer } from "./held-answer";
import { hasSession, sessionOf, sessionStoreOf } from "./session";

/**
 * Lets an answer leave only after its session was saved: `app.use(session(…), saveSessionFirst())`. express-session alone
 * sends the head of the answer before it saves, so a visitor is told 200 although the save failed. With this, a failed
 * save withdraws the answer and goes on to `next` as StoreError (503, `Retry-After`), for the app's error middleware. An
 * answer of that middleware's own leaves all the same: it is an error already. The session's end counts like a save:
 * `destroy`, `regenerate`, and `req.session = null` with `unset: "destroy"`. A request that left its session as it was
 * writes nothing.
 *
 * A request whose session was ended or given a new id meanwhile, by another request of this process, neither writes it nor
 * sends its cookie: it would undo that sign-in or logout.
 *
 * It holds for answers handed over in one piece: `res.send`, `json`, `redirect`, `render`, `end`. Once headers are
 * sent (`write`, `writeHead`, a stream, `sendFile`) nothing can be taken back, and express-session does as always. Mount it
 * directly after `session()`, for it takes the session it finds there as the stored one, and `compression()` before both.
 */
export function saveSessionFirst(): Handler;
export function saveSessionFirst(...given: unknown[]): Handler {
  refuseRequest(given[0], "saveSessionFirst");
  let sessionSeen = false;

  return function saveSessionFirst(req: Request, res: Response, next: NextFunction) {
    const sessionStore = sessionStoreOf(req);
    const session = sessionOf(req);
    if (sessionStore) watchConnection(sessionStore);
    sessionSeen ||= Boolean(session && sessionStore);
    if (!session && (!sessionSeen || isStoreDisconnected())) return next(absentSession(misplaced));
    onStoreTimeOf(req, res, () => {
      if (hasSession(req)) new HeldAnswer(req, res, next).hold();
      next();
    });
  };
}

const misplaced =
  "There is no session here. Mount saveSessionFirst() directly after express-session; if it is, the session's store is " +
  "disconnected or its cookie path leaves this page out.";
