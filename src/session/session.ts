import type { Response } from "express";

/**
 * express-session as this library uses it: what it leaves on a request, and what its stores can do. Written down here, for
 * who uses the library need not have its types.
 */

export type Done = (error?: unknown) => void;

/** What is needed of an express-session store; every class that extends its `Store` has it. */
export interface SessionStore {
  get(id: string, done: (error: unknown, document?: object | null) => void): unknown;
  set(id: string, document: object, done: (error?: unknown) => void): unknown;
  destroy(id: string, done: (error?: unknown) => void): unknown;
  createSession(req: object, document: { cookie: object }): { cookie: object };
}

/** What stores show of themselves beside that. */
export interface StoreSettings {
  /** connect-redis 9. */
  readonly client?: unknown;
  readonly prefix?: unknown;
  readonly ttl?: unknown;
  /** connect-mongo, session-file-store; memorystore, in milliseconds; express-mysql-session's `expiration`, too. */
  readonly options?: { readonly ttl?: unknown; readonly expiration?: unknown };
}

/** As a request has it. What a function answers to `session({ cookie })` stands here as it is, "auto" too. */
export interface SessionCookie {
  readonly path?: string;
  readonly domain?: string | undefined;
  readonly secure?: boolean | string | undefined;
  readonly sameSite?: boolean | string | undefined;
  readonly originalMaxAge?: number | null;
}

export type SessionMethod = (this: Session, done?: Done) => unknown;

export interface Session {
  readonly id: string;
  readonly req: SessionRequest;
  readonly cookie?: SessionCookie;
  touch(): unknown;
  save: SessionMethod;
  reload: SessionMethod;
  regenerate: SessionMethod;
  destroy: SessionMethod;
  /** What the app keeps in it. */
  [content: string]: unknown;
}

export interface SessionRequest {
  /** Null or absent once it was ended. */
  session?: Session | null | undefined;
  sessionID?: string | undefined;
  readonly sessionStore: SessionStore;
  /** Express's. */
  readonly res?: Response;
  readonly next?: (error?: unknown) => void;
  /** Passport's. */
  readonly logIn?: unknown;
}

/** Null where there is none. cookie-session's, which has an id and methods neither, is found out by the sign-in's doctor. */
export function sessionOf(req: object): Session | null {
  const { session }: Partial<SessionRequest> = req;
  return session ?? null;
}

export type StartedRequest = SessionRequest & { session: Session };

export function hasSession(req: object): req is StartedRequest {
  return sessionOf(req) !== null;
}

export function sessionStoreOf(req: object): SessionStore | undefined {
  const { sessionStore }: Partial<SessionRequest> = req;
  return sessionStore;
}

export function sessionIdOf(req: object): string | undefined {
  const { sessionID }: Partial<SessionRequest> = req;
  return sessionID;
}

export function settingsOf(sessionStore: object): StoreSettings {
  return sessionStore;
}

/** express-session allows a store to say so with an error. */
export function meansAbsent(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === "ENOENT";
}
