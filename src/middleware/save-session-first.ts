import type { NextFunction, Request, RequestHandler, Response } from "express";
import { ConfigError } from "../errors";
import type { SessionStore } from "../grants/session-records";
import { storeCall } from "../grants/store-call";
import { keepHead, withdrawHead } from "./answer-head";

/**
 * Lets an answer leave only after its session was saved: `app.use(session(…), saveSessionFirst())`. express-session alone
 * sends the head of the answer before it saves, so a visitor is told 200 although the save failed. With this, a failed
 * save withdraws the answer and goes on to `next` as StoreError (503, `Retry-After`), for the app's error middleware. A
 * request that left its session as it was writes nothing.
 *
 * It holds for answers handed over in one piece: `res.send`, `json`, `redirect`, `render`, `end`. Once headers are
 * sent (`write`, `writeHead`, a stream, `sendFile`) nothing can be taken back, and express-session does as always. Mount it
 * directly after `session()`, for it takes the session it finds there as the stored one, and `compression()` before both.
 */
export function saveSessionFirst(): RequestHandler {
  let sessionSeen = false;

  return function saveSessionFirst(req: Request & Partial<SessionRequest>, res: Response, next: NextFunction) {
    sessionSeen ||= Boolean(req.session && req.sessionStore);
    if (!sessionSeen) return next(new ConfigError(misplaced));
    if (req.session) saveBeforeEnd(req as SessionRequest, res, next);
    next();
  };
}

const misplaced =
  "There is no session here. Mount saveSessionFirst() directly after express-session; if it is, the session's store is " +
  "disconnected or its cookie path leaves this page out.";

interface SessionRequest {
  session: Session | null | undefined;
  sessionStore: SessionStore;
}

/** What we use of express-session's. */
interface Session {
  readonly id: string;
  touch(): unknown;
  save: Save;
}

type Save = (this: Session, done?: Done) => unknown;
type Done = (error?: unknown) => void;

function saveBeforeEnd(req: SessionRequest, res: Response, next: NextFunction): void {
  const end = res.end.bind(res) as (chunk: unknown, encoding: unknown) => void;
  const isStored = noteSaves(req.session!);
  let state: "open" | "saving" | "decided" = "open";

  function endWhenSaved(...args: unknown[]): Response {
    if (state === "saving") return res;
    const [chunk, encoding] = withoutCallback(args, res);
    const { session } = req;
    if (state === "decided") endWithoutSaving(chunk, encoding);
    else if (!session || res.headersSent || isStored(session)) end(chunk, encoding);
    else void saveThenEnd(session, chunk, encoding);
    return res;
  }

  async function saveThenEnd(session: Session, chunk: unknown, encoding: unknown): Promise<void> {
    const restoreHead = keepHead(res);
    state = "saving";
    try {
      session.touch();
      // Not by session.save: express-session would then extend the life of what was stored this very moment.
      await storeCall("save the session", (done) => req.sessionStore.set(session.id, session, done));
    } catch (error) {
      state = "decided";
      withdrawHead(res);
      return next(error);
    }
    state = "decided";
    restoreHead();
    endWithoutSaving(chunk, encoding);
  }

  function endWithoutSaving(chunk: unknown, encoding: unknown): void {
    try {
      withoutSaving(req.session, () => end(chunk, encoding));
    } catch (error) {
      // A session that is no JSON, or a chunk that Node refuses: express-session ends an answer once, even if in vain.
      res.destroy();
      next(error);
    }
  }

  res.end = endWhenSaved as Response["end"];
}

/** Whether a session is as the store has it: as it was found, or as somebody saved it since. */
function noteSaves(session: Session): (session: Session) => boolean {
  const { id, save } = session;
  let stored = contentOf(session);

  replaceSave(session, function saveAndNote(done) {
    const content = contentOf(this);
    return save.call(this, (error) => {
      if (!error) stored = content;
      done?.(error);
    });
  });

  return (current) => current.id === id && stored !== null && contentOf(current) === stored;
}

/** The cookie aside, as express-session compares. Null where it is no JSON: the store is to say so. */
function contentOf(session: Session): string | null {
  const { cookie: _cookie, ...content } = session as Session & { cookie?: unknown };
  try {
    return JSON.stringify(content);
  } catch {
    return null;
  }
}

/** The decision has fallen: when express-session asks for a save in the meantime, it is told that all is done. */
function withoutSaving(session: Session | null | undefined, act: () => void): void {
  if (!session) return act();
  const { save } = session;
  replaceSave(session, (done) => done?.());
  try {
    act();
  } finally {
    replaceSave(session, save);
  }
}

/** As express-session does itself: a session's methods are not among its contents. */
function replaceSave(session: Session, value: Save): void {
  Object.defineProperty(session, "save", { configurable: true, enumerable: false, writable: true, value });
}

/** Of `end`'s forms: (callback), (chunk, callback), (chunk, encoding, callback). express-session loses the callback. */
function withoutCallback(args: unknown[], res: Response): unknown[] {
  const callback = args.find((arg) => typeof arg === "function");
  if (callback) res.once("finish", callback as () => void);
  return args.filter((arg) => arg !== callback);
}
