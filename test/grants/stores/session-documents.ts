import session = require("express-session");
import { createSessionRecords, type SessionRecords } from "../../../src/session/records";
import type { SessionStore } from "../../../src/session/session";

/** A session store in memory, the library's records in it, and what was read and written of those. */
export function watchedDocuments() {
  const sessions: SessionStore = new session.MemoryStore();
  const inner = createSessionRecords(sessions);
  const reads: string[] = [];
  const writes: [key: string, lifeMs: number][] = [];
  const documents: SessionRecords = {
    read: (key) => (reads.push(key), inner.read(key)),
    write: (key, record, lifeMs) => (writes.push([key, lifeMs]), inner.write(key, record, lifeMs)),
    remove: (key) => inner.remove(key),
  };
  const keys = () => Object.keys((sessions as unknown as { sessions: object }).sessions).sort();
  return { sessions, documents, inner, reads, writes, keys };
}
