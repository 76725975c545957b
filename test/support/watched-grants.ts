import { memoryGrants } from "express-aircall";
import type { GrantStore } from "express-aircall";

const anHourMs = 3_600_000;

/** Grants in memory, with an eye on who reads them and a way to grow old. */
export function watchGrants() {
  const memory = memoryGrants();
  const ids: string[] = [];
  const reads: string[] = [];
  const store: GrantStore = {
    ...memory,
    get(id, link) {
      reads.push(id);
      return memory.get(id, link);
    },
    async create(grant, lifeMs, link) {
      const id = await memory.create(grant, lifeMs, link);
      ids.push(id);
      return id;
    },
  };

  /** As if the tokens had been obtained an hour ago, for `lifeMs` or without an end. */
  async function age(lifeMs: number | null): Promise<void> {
    const obtainedAt = new Date(Date.now() - anHourMs);
    const expiresAt = lifeMs === null ? null : new Date(obtainedAt.getTime() + lifeMs);
    for (const id of ids) {
      const grant = await memory.get(id);
      if (grant) await memory.replace(id, grant.version, { ...grant, obtainedAt, expiresAt });
    }
  }

  async function count(): Promise<number> {
    const grants = await Promise.all(ids.map((id) => memory.get(id)));
    return grants.filter((grant) => grant !== null).length;
  }

  return {
    store,
    /** Of every grant ever made, in that order. */
    ids,
    /** The id of each read since it was last emptied. */
    reads,
    memory,
    age,
    expire: () => age(anHourMs),
    count,
    /** Deletes every record behind the library's back. */
    wipe: () => Promise.all(ids.map((id) => memory.delete(id))),
  };
}
