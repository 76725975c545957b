import { storeName } from "../redis/client";
import { inTime } from "../time/store-call";
import { visitsOf } from "./left-behind";
import type { Done, Session, SessionMethod, SessionRequest } from "./session";

/** What happens to the session of one request, from the moment it was found. */
export interface SessionWatch {
  /** Whether the store has it as it is: as it was found, or as somebody saved it since. */
  isStored(session: Session): boolean;
  /** Another request of this process has left it: it is not to be written, nor its cookie sent. */
  isLeftBehind(session: Session | null | undefined): boolean;
  /** Set once somebody asked for its end, or for another in its place: rejects where the store has not ended it. */
  readonly ending: Promise<void> | null;
  end(): Promise<void>;
  /** The request is over. */
  stop(): void;
}

export function watchSession(req: SessionRequest & { session: Session }): SessionWatch {
  const visits = visitsOf(req.sessionStore);
  const { id } = req.session;
  const visit = visits.begin(id);
  let watched: Session = req.session;
  let stored: string | null = null;
  let ending: Promise<void> | null = null;

  function watch(session: Session, content: string | null): void {
    watched = session;
    stored = content;
    const { save, reload, regenerate, destroy } = session;

    replace(session, "save", function (done?: Done) {
      if (isLeftBehind(this)) return done && void process.nextTick(done);
      const content = contentOf(this);
      return save.call(this, (error) => {
        if (!error && this === watched) stored = content;
        done?.(error);
      });
    });
    replace(session, "reload", function (done?: Done) {
      return reload.call(this, (error) => {
        if (!error && req.session && req.session !== this) watch(req.session, contentOf(req.session));
        done?.(error);
      });
    });
    replace(session, "regenerate", function (done?: Done) {
      return leaving(this, regenerate, (error) => {
        if (req.session && req.session !== this) watch(req.session, null);
        done?.(error);
      });
    });
    replace(session, "destroy", function (done?: Done) {
      return leaving(this, destroy, done);
    });
  }

  function leaving(session: Session, leave: (this: Session, done: Done) => unknown, done?: Done): unknown {
    const takeBack = visits.leave(session.id, visit);
    let answer: unknown;
    ending = new Promise<void>((resolve, reject) => {
      answer = leave.call(session, (error) => {
        if (error) takeBack();
        if (error) reject(error);
        else resolve();
        done?.(error);
      });
    });
    ending.catch(() => undefined);
    return answer;
  }

  function ended(): Promise<void> | null {
    const asked = ending;
    return asked && inTime("end the session", () => asked, { store: storeName(req.sessionStore) });
  }

  function isLeftBehind(session: Session | null | undefined): boolean {
    return visit.leftBehind && session?.id === id;
  }

  watch(req.session, contentOf(req.session));
  return {
    isStored: (session) => session === watched && stored !== null && contentOf(session) === stored,
    isLeftBehind,
    get ending() {
      return ended();
    },
    end() {
      leaving(watched, (done) => req.sessionStore.destroy(watched.id, done));
      return ended() ?? Promise.resolve();
    },
    stop: () => visits.end(id, visit),
  };
}

/** The cookie aside, as express-session compares. Null where it is no JSON: the store is to say so. */
function contentOf(session: Session): string | null {
  const { cookie: _cookie, ...content } = session;
  try {
    return JSON.stringify(content);
  } catch {
    return null;
  }
}

/** As express-session does itself: a session's methods are not among its contents. */
function replace(session: Session, name: "save" | "reload" | "regenerate" | "destroy", value: SessionMethod): void {
  Object.defineProperty(session, name, { configurable: true, enumerable: false, writable: true, value });
}

/** Runs what express-session is to do as if this session were saved. */
export function asIfSaved(session: Session, act: () => void): void {
  const { save } = session;
  replace(session, "save", (done?: Done) => done?.());
  try {
    act();
  } finally {
    replace(session, "save", save);
  }
}

/** Runs what express-session is to do as if there were no session: nothing is written, ended or sent. */
export function asIfAbsent<T>(req: SessionRequest, act: () => T): T {
  const { session, sessionID } = req;
  Object.assign(req, { session: undefined, sessionID: undefined });
  try {
    return act();
  } finally {
    Object.assign(req, { session, sessionID });
  }
}
