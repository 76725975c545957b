import type { GrantStore } from "../../src/grants/store";

const never = new Promise<never>(() => undefined);

export interface Mortal {
  readonly store: GrantStore;
  /** From now on nothing that was asked through `store` is answered, and nothing new is done. */
  readonly die: () => void;
  /** What `work` comes to, or undefined when the process dies first. */
  readonly whileAlive: <T>(work: Promise<T>) => Promise<T | undefined>;
}

/** A grant store as one process uses it, up to the moment it is killed. */
export function mortal(store: GrantStore): Mortal {
  let alive = true;
  let die = (): void => undefined;
  const death = new Promise<undefined>((resolve) => (die = () => resolve(undefined)));

  async function ask<T>(call: () => Promise<T>): Promise<T> {
    if (!alive) return never;
    try {
      const answer = await call();
      return alive ? answer : await never;
    } catch (error) {
      if (alive) throw error;
      return never;
    }
  }

  return {
    store: {
      get: (id, link) => ask(() => store.get(id, link)),
      create: (grant, lifeMs, link) => ask(() => store.create(grant, lifeMs, link)),
      replace: (id, version, grant) => ask(() => store.replace(id, version, grant)),
      delete: (id) => ask(() => store.delete(id)),
      prolong: (id, lifeMs, link) => ask(() => store.prolong(id, lifeMs, link)),
      link: (id, link, lifeMs, former) => ask(() => store.link(id, link, lifeMs, former)),
      unlink: (id, link) => ask(() => store.unlink(id, link)),
      idsOf: (app, company) => ask(() => store.idsOf(app, company)),
      companies: (app, cursor, limit) => ask(() => store.companies(app, cursor, limit)),
      claim: (key, owner, ttlMs) => ask(() => store.claim(key, owner, ttlMs)),
      renewClaim: (key, owner, ttlMs) => ask(() => store.renewClaim(key, owner, ttlMs)),
      settle: (key, outcome, keepMs) => ask(() => store.settle(key, outcome, keepMs)),
      outcome: (key) => ask(() => store.outcome(key)),
      records(kind) {
        const records = store.records(kind);
        return {
          get: (key) => ask(() => records.get(key)),
          put: (key, value, expected) => ask(() => records.put(key, value, expected)),
          delete: (key, version) => ask(() => records.delete(key, version)),
          list: (cursor, limit) => ask(() => records.list(cursor, limit)),
        };
      },
      withLock: (id, work) => ask(() => store.withLock(id, (lock) => ask(() => work(lock)))),
    },
    die() {
      alive = false;
      die();
    },
    whileAlive: (work) => Promise.race([work, death]),
  };
}
