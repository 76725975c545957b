import { fields } from "../config/fields";
import { StoreError } from "../errors/errors";
import { meansAbsent, type SessionStore } from "./session";
import { storeCall } from "./store-call";

/** Whether a key is of a record of ours, and of no session. */
export function isRecordKey(key: string): boolean {
  return key.startsWith("ac_");
}

/** Records of ours among the app's sessions. Every method rejects with a StoreError within two seconds. */
export interface SessionRecords {
  /** Undefined when there is none. */
  read(key: string): Promise<unknown>;
  write(key: string, record: object, lifeMs: number): Promise<void>;
  remove(key: string): Promise<void>;
}

export function createSessionRecords(store: SessionStore): SessionRecords {
  const late = createLateWrites((key) => void remove(key).catch(() => undefined));

  async function write(key: string, record: object, lifeMs: number): Promise<void> {
    const document = { cookie: cookieFor(store, lifeMs), aircall: record };
    await storeCall("keep a grant", store, (done) => store.set(key, document, late.noting(key, done)));
  }

  async function remove(key: string): Promise<void> {
    late.removed(key);
    await storeCall("delete a grant", store, (done) => store.destroy(key, done));
  }

  return {
    async read(key) {
      const document = await storeCall<object | null>("read a grant", store, (done) => {
        function answer(error: unknown, found?: object | null): void {
          if (isNone(error)) done();
          else done(error, found);
        }
        try {
          store.get(key, answer);
        } catch (error) {
          answer(error);
        }
      });
      return fields(document)["aircall"];
    },
    write,
    remove,
  };
}

/**
 * A store takes its time: a write that was given up may land after the record was removed. So whoever is removed while
 * writes are under way is removed once more when the last of them has landed.
 */
function createLateWrites(removeAgain: (key: string) => void) {
  const underWay = new Map<string, { count: number; removed: boolean }>();

  return {
    noting(key: string, done: (error?: unknown) => void): (error?: unknown) => void {
      const writes = underWay.get(key) ?? { count: 0, removed: false };
      underWay.set(key, writes);
      writes.count += 1;
      writes.removed = false;
      let landed = false;

      return function landing(error) {
        if (!landed) writes.count -= 1;
        landed = true;
        if (writes.count === 0) underWay.delete(key);
        if (writes.removed && writes.count === 0) removeAgain(key);
        done(error);
      };
    },
    removed(key: string): void {
      const writes = underWay.get(key);
      if (writes) writes.removed = true;
    },
  };
}

/** Some stores answer a missing key with an error; junk is no record either. */
function isNone(error: unknown): boolean {
  const answered = error instanceof StoreError ? error.cause : error;
  return meansAbsent(answered) || isSyntaxError(answered);
}

/** Of another realm, too. */
function isSyntaxError(error: unknown): boolean {
  return typeof error === "object" && error !== null && "name" in error && error.name === "SyntaxError";
}

/** A cookie of the app's own express-session: stores read a record's life off it, each in its own way. */
function cookieFor(store: SessionStore, lifeMs: number): object {
  const cookie = { maxAge: lifeMs, originalMaxAge: lifeMs };
  return store.createSession({ sessionID: "", sessionStore: store }, { cookie }).cookie;
}
