import { dropAllLinks, mayHoldLinks } from "../grants/session-grants";
import { inHandDuring, inHandWhile } from "../session/in-hand";
import { putBackOf } from "../session/own-property";
import type { Done, Session, SessionRequest } from "../session/session";
import { onStoreTimeOf } from "../time/store-time";
import { moveCopiedLinks, moveWithinRequest } from "./moved-links";
import { appsWith, releaseSession } from "./session-apps";

interface SessionMethods {
  readonly destroy: (this: Session, done?: Done) => unknown;
  readonly regenerate: (this: Session, done: Done) => unknown;
}

const watched = new WeakSet<object>();
/** Sessions that our own sign-in gives another id: what they hold goes on. */
const moving = new WeakSet<object>();
/** Sessions of a request that has just signed in: Passport's logIn gives them another id once more, right after us. */
const surviving = new WeakSet<object>();

/**
 * Makes sessions of this kind end what they hold, whoever destroys or regenerates them: the app, or Passport. It changes
 * the methods of express-session's own class, once: a session may be loaded anew at any time, and a request costs nothing.
 */
export function watchWaysOut(session: object): void {
  const kind: Partial<SessionMethods> | null = Reflect.getPrototypeOf(session);
  if (!kind || watched.has(kind)) return;
  watched.add(kind);
  if (!Object.hasOwn(kind, "destroy") || !Object.hasOwn(kind, "regenerate")) return;
  const { destroy, regenerate } = kind;
  if (!destroy || !regenerate) return;

  redefine(kind, "destroy", function destroyWithLinks(done) {
    if (!holdsForSomebody(this)) return inHandDuring(this, () => destroy.call(this, done));
    return destroyWithItsLinks(this, done);
  });
  redefine(kind, "regenerate", function regenerateWithLinks(done) {
    if (!holdsForSomebody(this)) return inHandDuring(this, () => regenerate.call(this, done));
    return regenerateWithItsLinks(this, regenerate, done);
  });
}

/** Runs what gives a session another id and means to keep what it holds. */
export async function movingSession<T>(session: object, work: () => Promise<T>): Promise<T> {
  moving.add(session);
  try {
    return await work();
  } finally {
    moving.delete(session);
  }
}

/** When this session gets another id, what it holds goes on: until the request ends that signed in. */
export function surviveRegeneration(session: object): void {
  surviving.add(session);
}

function holdsForSomebody(session: Session): boolean {
  return mayHoldLinks(session) && appsWith(session.req.sessionStore) !== undefined;
}

/** The links first: whatever is in flight and writes the session back writes links that lead nowhere. */
function destroyWithItsLinks(session: Session, done: Done | undefined): Session {
  const { req } = session;
  const work = release(session).then(() => inHandWhile(session, (end) => req.sessionStore.destroy(session.id, end)));
  delete req.session;
  settle(work, done, req);
  return session;
}

function regenerateWithItsLinks(session: Session, regenerate: SessionMethods["regenerate"], done: Done): Session {
  const { req } = session;
  inHandWhile(session, (end) => regenerate.call(session, end)).then(() => {
    const fresh = req.session;
    if (moving.has(session)) return done();
    if (surviving.has(session) && fresh) return holdOn(session, fresh, done);
    // Passport says only later whether its logIn keeps what the session held.
    if (typeof req.logIn !== "function" || !fresh) return settle(release(session), done, req);
    decideBeforeItIsKept(session, fresh, req);
    done();
  }, done);
  return session;
}

/** Before it is saved once more: with `keepSessionInfo`, Passport copies what was the former session's over it. */
function holdOn(from: Session, to: Session, done: Done): void {
  surviveRegeneration(to);
  moveWithinRequest(from, to);
  beforeSave(to, () => {
    moveWithinRequest(from, to);
    return Promise.resolve(() => Promise.resolve());
  });
  done();
}

/** Before the new session is saved, or the answer leaves, whichever comes first. */
function decideBeforeItIsKept(former: Session, fresh: Session, req: SessionRequest): void {
  let decided: Promise<() => Promise<void>> | undefined;
  const decide = () => (decided ??= moveOrRelease(former, req));
  beforeSave(fresh, decide);
  holdBack(req, async () => (await decide())());
}

/** Runs `work` before the session is saved, and what that answers when it is. */
function beforeSave(session: Session, work: () => Promise<() => Promise<void>>): void {
  const { save } = session;
  const value = function saveAfterwards(this: Session, saved?: Done) {
    work().then(
      (finish) => save.call(this, (error) => (error ? saved?.(error) : settle(finish(), saved, this.req))),
      (error: unknown) => saved?.(error),
    );
    return this;
  };
  Object.defineProperty(session, "save", { configurable: true, writable: true, value });
}

/** Answers what is left to do once the session is saved. */
async function moveOrRelease(former: Session, req: SessionRequest): Promise<() => Promise<void>> {
  const fresh = req.session;
  const apps = appsWith(req.sessionStore) ?? new Map<string, never>();
  const finish = fresh && (await moveCopiedLinks(req, { former, fresh, apps }));
  if (finish) return finish;
  if (fresh) dropAllLinks(fresh);
  await release(former);
  return () => Promise.resolve();
}

async function release(session: Session): Promise<void> {
  const { req } = session;
  const apps = appsWith(req.sessionStore) ?? new Map<string, never>();
  await onStoreTimeOf(req, req.res ?? {}, () => releaseSession(session, apps));
}

/** Whoever does not wait for it has the answer wait: it must not say that something ended which did not. */
function settle(work: Promise<unknown>, done: Done | undefined, req: SessionRequest): void {
  if (!done) return holdBack(req, () => work.then(() => undefined));
  work.then(
    () => process.nextTick(done),
    (error: unknown) => process.nextTick(done, error),
  );
}

/** Lets the answer leave after `work`. Where that fails, the app's error middleware answers. */
function holdBack(req: SessionRequest, work: () => Promise<void>): void {
  const { res, next } = req;
  if (!res || res.writableEnded) return void work().catch(() => undefined);
  const end = res.end.bind(res);
  const putBack = putBackOf(res, "end");

  res.end = function endAfterwards(...args: unknown[]) {
    putBack();
    work().then(
      () => void Reflect.apply(end, res, args),
      (error: unknown) => (next && !res.headersSent ? next(error) : res.destroy()),
    );
    return res;
  };
}

function redefine<Name extends keyof SessionMethods>(kind: object, name: Name, value: SessionMethods[Name]): void {
  Object.defineProperty(kind, name, { configurable: true, writable: true, value });
}
