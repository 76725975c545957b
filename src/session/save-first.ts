import type { NextFunction, Request, RequestHandler, Response } from "express";
import { isStoreDisconnected, watchConnection } from "./disconnection";
import { absentSession } from "./absent";
import { storeCall } from "./store-call";
import { onStoreTimeOf } from "../time/store-time";
import { keepHead, withdrawHead } from "./response-head";
import { refuseRequest } from "../config/refuse-request";
import { asIfAbsent, asIfSaved, watchSession, type Session, type SessionRequest } from "./watch";
import { endPlainly, holdBackUnset } from "./unset";

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
export function saveSessionFirst(): RequestHandler;
export function saveSessionFirst(...given: unknown[]): RequestHandler {
  refuseRequest(given[0], "saveSessionFirst");
  let sessionSeen = false;

  return function saveSessionFirst(req: Request & Partial<SessionRequest>, res: Response, next: NextFunction) {
    if (req.sessionStore) watchConnection(req.sessionStore);
    sessionSeen ||= Boolean(req.session && req.sessionStore);
    if (!req.session && (!sessionSeen || isStoreDisconnected())) return next(absentSession(misplaced));
    onStoreTimeOf(req, res, () => {
      if (req.session) saveBeforeEnd(req as Started, res, next);
      next();
    });
  };
}

const misplaced =
  "There is no session here. Mount saveSessionFirst() directly after express-session; if it is, the session's store is " +
  "disconnected or its cookie path leaves this page out.";

type Started = SessionRequest & { session: Session; next?: unknown };
type End = (chunk: unknown, encoding: unknown) => void;

function saveBeforeEnd(req: Started, res: Response, next: NextFunction): void {
  const end = res.end.bind(res) as End;
  const writeHead = res.writeHead.bind(res) as (...args: unknown[]) => Response;
  const watch = watchSession(req);
  let state: "open" | "deciding" | "decided" = "open";
  /** The store has not done what it was to do: the answer says nothing of this session. */
  let failed = false;
  let leave: End = (chunk, encoding) => asIfDecided(() => end(chunk, encoding));
  /** Sends an answer that was withdrawn, but is an error of the app's own. */
  let sendWithdrawn: (() => void) | null = null;

  function endWhenSaved(...args: unknown[]): Response {
    if (state === "deciding") return res;
    const [chunk, encoding] = withoutCallback(args, res);
    if (state === "decided") endDecided(chunk, encoding);
    else if (watch.isLeftBehind(req.session)) asIfAbsent(req, () => end(chunk, encoding));
    else if (res.headersSent) end(chunk, encoding);
    else onStoreTimeOf(req, res, () => decide(chunk, encoding));
    return res;
  }

  function decide(chunk: unknown, encoding: unknown): void {
    const { ending } = watch;
    const session = req.session as Session | null | undefined;
    if (!ending && !session) return endUnset(chunk, encoding);
    if (!ending && session && watch.isStored(session)) return end(chunk, encoding);
    void sendAfter(
      async () => {
        await ending;
        if (session && !watch.isStored(session)) await save(session);
      },
      () => leave(chunk, encoding),
    );
  }

  function endUnset(chunk: unknown, encoding: unknown): void {
    const held = holdBackUnset(req, res, () => end(chunk, encoding));
    if (!held) return;
    leave = (chunk, encoding) => endPlainly(res, chunk, encoding);
    void sendAfter(
      () => watch.end(),
      () => held.send(),
    );
  }

  async function save(session: Session): Promise<void> {
    session.touch();
    // Not by session.save: express-session would then extend the life of what was stored this very moment.
    await storeCall("save the session", req.sessionStore, (done) => req.sessionStore.set(session.id, session, done));
  }

  async function sendAfter(work: () => Promise<void>, send: () => void): Promise<void> {
    const status = isOfTheApp() ? res.statusCode : 0;
    const restoreHead = keepHead(res);
    const sendRestored = () => {
      restoreHead();
      sendOrCutOff(send);
    };
    state = "deciding";
    try {
      await work();
    } catch (error) {
      state = "decided";
      failed = true;
      if (status >= 500) return sendRestored();
      if (status >= 400) sendWithdrawn = sendRestored;
      withdrawHead(res);
      return next(error);
    }
    state = "decided";
    sendRestored();
  }

  function endDecided(chunk: unknown, encoding: unknown): void {
    const send = sendWithdrawn;
    sendWithdrawn = null;
    if (send && !isOfTheApp()) send();
    else sendOrCutOff(() => leave(chunk, encoding));
  }

  /** The router takes its `next` off the request once nobody of the app's is left, and Express answers itself. */
  function isOfTheApp(): boolean {
    return req.next !== undefined;
  }

  function sendOrCutOff(send: () => void): void {
    try {
      send();
    } catch (error) {
      // A session that is no JSON, or a chunk that Node refuses: express-session ends an answer once, even if in vain.
      res.destroy();
      next(error);
    }
  }

  /** All that was to be done is done: express-session is told so when it asks. */
  function asIfDecided(act: () => void): void {
    if (req.session && !failed) asIfSaved(req.session, act);
    else asIfAbsent(req, act);
  }

  function writeHeadUnlessStray(...args: unknown[]): Response {
    if (!failed && !watch.isLeftBehind(req.session)) return writeHead(...args);
    return asIfAbsent(req, () => writeHead(...args));
  }

  res.once("close", () => watch.stop());
  res.end = endWhenSaved as Response["end"];
  res.writeHead = writeHeadUnlessStray as Response["writeHead"];
}

/** Of `end`'s forms: (callback), (chunk, callback), (chunk, encoding, callback). express-session loses the callback. */
function withoutCallback(args: unknown[], res: Response): unknown[] {
  const callback = args.find((arg) => typeof arg === "function");
  if (callback) res.once("finish", callback as () => void);
  return args.filter((arg) => arg !== callback);
}
