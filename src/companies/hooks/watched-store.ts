import { companyKey } from "../../config/company-id";
import type { Grant, NewGrant } from "../../grants/grant";
import type { GrantStore } from "../../grants/store";
import { createMutex } from "../../time/mutex";
import { changeBetween, companyOf, type Change } from "./change";
import { activeGrants, type Announced, type Delivery } from "./delivery";

/** A store whose changes are announced before they are written. */
export interface WatchedStore {
  readonly store: GrantStore;
  /** The delivery hears of what this process changes from now on, until the function answered is called. */
  readonly join: (delivery: Delivery) => () => void;
}

/** Not for speed: two watched stores over one would not know of each other's renewals. */
const watchedStores = new WeakMap<GrantStore, Map<string | null, WatchedStore>>();

/** The same for all middlewares of this process that keep an app's grants in this store. */
export function watchedStore(store: GrantStore, app: string | null): WatchedStore {
  const byApp = watchedStores.get(store) ?? new Map<string | null, WatchedStore>();
  const watched = byApp.get(app) ?? watch(store, app);
  watchedStores.set(store, byApp.set(app, watched));
  return watched;
}

/** How long an announcement holds: a write that began later might end when others think that it never came. */
const goodForMs = 5_000;

function watch(store: GrantStore, app: string | null): WatchedStore {
  const deliveries = new Set<Delivery>();
  const exclusively = createMutex();

  /** Whether listeners hear of a grant: not of another app's, and not where nobody can name its company. */
  const concerns = (grant: Grant | NewGrant | null) =>
    deliveries.size > 0 && grant?.app === app && companyOf(grant) !== null;

  async function announce(change: Change, grant: Grant | NewGrant): Promise<Announced[]> {
    const first = change.act === "connect" && (await activeGrants(store, app, companyOf(grant)!)).length === 0;
    for (;;) {
      const beganAt = performance.now();
      const all = await Promise.all([...deliveries].map((delivery) => delivery.announce(change, grant, first)));
      const announced = all.filter((each) => each !== null);
      if (performance.now() - beganAt < goodForMs) return announced;
      await Promise.all(announced.map((each) => each.undone()));
    }
  }

  /** Where the write rejects, nobody knows whether it was done: whoever finds the announcement looks. */
  async function announced<T>(change: Change, grant: Grant | NewGrant, write: () => Promise<T>): Promise<T> {
    const announcements = await announce(change, grant);
    const written = await write();
    const ends = announcements.map((each) => (written === false ? each.undone() : each.done()));
    await Promise.allSettled(ends);
    return written;
  }

  /** A company's changes one after the other, in this process: of several grants that end at once, the last is told. */
  function inTurn<T>(grant: Grant, work: () => Promise<T>): Promise<T> {
    return exclusively(companyKey(companyOf(grant)!), work);
  }

  return {
    join(delivery) {
      deliveries.add(delivery);
      return () => void deliveries.delete(delivery);
    },
    store: {
      ...delegating(store),
      async create(grant, lifeMs, link) {
        const change = concerns(grant) ? changeBetween(null, grant) : null;
        const write = () => store.create(grant, lifeMs, link);
        return change ? announced(change, grant, write) : write();
      },
      async replace(id, expectedVersion, grant) {
        const write = () => store.replace(id, expectedVersion, grant);
        const before = concerns(grant) ? await store.get(id) : null;
        const change = before?.version === expectedVersion ? changeBetween(before, grant) : null;
        if (!before || !change) return write();
        return inTurn(before, () => announced(change, grant, write));
      },
      async delete(id) {
        const write = () => store.delete(id);
        const before = deliveries.size > 0 ? await store.get(id) : null;
        const change = concerns(before) ? changeBetween(before, null) : null;
        if (!before || !change) return write();
        return inTurn(before, () => announced(change, before, write));
      },
    },
  };
}

/** What a store does, and what it says of itself. */
function delegating(store: GrantStore): GrantStore {
  const { seals, longestLifeMs } = store;
  return {
    ...(seals !== undefined && { seals }),
    ...(longestLifeMs !== undefined && { longestLifeMs }),
    ...(store.check && { check: () => store.check!() }),
    ...(store.getMany && { getMany: (ids: readonly string[]) => store.getMany!(ids) }),
    get: (id, link) => store.get(id, link),
    create: (grant, lifeMs, link) => store.create(grant, lifeMs, link),
    replace: (id, expectedVersion, grant) => store.replace(id, expectedVersion, grant),
    prolong: (id, lifeMs, link) => store.prolong(id, lifeMs, link),
    delete: (id) => store.delete(id),
    link: (id, link, lifeMs, former) => store.link(id, link, lifeMs, former),
    unlink: (id, link) => store.unlink(id, link),
    idsOf: (app, company) => store.idsOf(app, company),
    companies: (app, cursor, limit) => store.companies(app, cursor, limit),
    claim: (key, owner, ttlMs) => store.claim(key, owner, ttlMs),
    renewClaim: (key, owner, ttlMs) => store.renewClaim(key, owner, ttlMs),
    settle: (key, outcome, keepMs) => store.settle(key, outcome, keepMs),
    outcome: (key) => store.outcome(key),
    withLock: (name, work) => store.withLock(name, work),
    records: (kind) => store.records(kind),
  };
}
