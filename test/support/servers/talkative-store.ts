import { MemoryStore } from "express-session";

type Random = () => number;

/** A session store that now and then fails to keep a grant or a fresh session, and says in the error all it knows. */
export function createTalkativeStore(random: Random) {
  const ids = new Set<string>();

  function complaint(id: string, document?: object): Error {
    const facts = { command: { args: ["SET", id, document] }, document, id, path: `/sessions/${id}` };
    const code = pick(["EACCES", `SET ${id}`, undefined], random);
    return Object.assign(new Error(`could not write ${id} ${JSON.stringify(document)}`), facts, {
      code,
      syscall: "open",
    });
  }

  class TalkativeStore extends MemoryStore {
    readonly ids = ids;

    override get(id: string, done: Parameters<MemoryStore["get"]>[1]): void {
      if (id.startsWith("ac_") && random() < 0.05) return done(complaint(id));
      super.get(id, done);
    }

    override set(id: string, document: Parameters<MemoryStore["set"]>[1], done?: (error?: unknown) => void): void {
      const fresh = !ids.has(id);
      ids.add(id);
      // Fresh sessions are those of signing in; what express-session makes of later failures is between it and the app.
      if ((fresh || id.startsWith("ac_")) && random() < 0.1) return done?.(complaint(id, document));
      super.set(id, document, done);
    }

    override destroy(id: string, done?: (error?: unknown) => void): void {
      if (id.startsWith("ac_") && random() < 0.05) return done?.(complaint(id));
      super.destroy(id, done);
    }
  }
  return new TalkativeStore().setMaxListeners(0);
}

export function pick<T>(items: readonly T[], random: Random): T {
  return items[Math.floor(random() * items.length)]!;
}
