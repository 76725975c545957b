import { StoreError } from "../errors";
import { storeCall } from "./store-call";

/** What is needed of an express-session store; every class that extends its `Store` has it. */
export interface SessionStore {
  get(id: string, done: (error: unknown, document?: object | null) => void): unknown;
  set(id: string, document: object, done: (error?: unknown) => void): unknown;
  destroy(id: string, done: (error?: unknown) => void): unknown;
  createSession(req: object, document: { cookie: object }): { cookie: object };
}

/** Records of ours among the app's sessions. Every method rejects with a StoreError within two seconds. */
export interface SessionRecords {
  /** Undefined when there is none. */
  read(key: string): Promise<unknown>;
  write(key: string, record: object, lifeMs: number): Promise<void>;
  remove(key: string): Promise<void>;
}

export function createSessionRecords(store: SessionStore): SessionRecords {
  return {
    async read(key) {
      const document = await storeCall<object | null>("read a grant", (done) => {
        function answer(error: unknown, found?: object | null): void {
          if (meansAbsent(error)) done();
          else done(error, found);
        }
        try {
          store.get(key, answer);
        } catch (error) {
          answer(error);
        }
      });
      return document && Object.hasOwn(document, "aircall") ? (document as { aircall?: unknown }).aircall : undefined;
    },
    async write(key, record, lifeMs) {
      const document = { cookie: cookieFor(store, lifeMs), aircall: record };
      await storeCall("keep a grant", (done) => store.set(key, document, done));
    },
    async remove(key) {
      await storeCall("delete a grant", (done) => store.destroy(key, done));
    },
  };
}

/** Some stores answer a missing key with an error, as express-session allows; junk is no record either. */
function meansAbsent(error: unknown): boolean {
  const answered = error instanceof StoreError ? error.cause : error;
  const { code, name } = Object(answered) as { code?: unknown; name?: unknown };
  return code === "ENOENT" || name === "SyntaxError";
}

/** A cookie of the app's own express-session: stores read a record's life off it, each in its own way. */
function cookieFor(store: SessionStore, lifeMs: number): object {
  const cookie = { maxAge: lifeMs, originalMaxAge: lifeMs };
  return store.createSession({ sessionID: "", sessionStore: store }, { cookie }).cookie;
}
