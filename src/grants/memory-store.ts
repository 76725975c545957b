import { createClaims } from "./claims";
import { createExpiringMap } from "./expiring-map";
import { newGrantId, type Grant, type NewGrant } from "./grant";
import { createGrantText } from "./grant-text";
import { createLocalLock } from "./lock";
import { createGrantRecords, type GrantRecord } from "./record";
import type { GrantStore } from "./store";

export interface MemoryGrantsOptions {
  /** Beyond this many the least recently used grant is forgotten. Default 100,000, some 100 MB. */
  maxGrants?: number;
  /** Epoch milliseconds. */
  now?: () => number;
}

/** Keeps grants in this process: gone when it ends, and unknown to every other process. */
export function memoryGrants({ maxGrants = 100_000, now = Date.now }: MemoryGrantsOptions = {}): GrantStore {
  const kept = createExpiringMap<GrantRecord & { readonly companyId: number | null }>(maxGrants, now);
  const records = createGrantRecords(createGrantText());

  function keep(id: string, record: GrantRecord, companyId: number | null): void {
    kept.set(id, { ...record, companyId }, record.endsAt - now());
  }

  function read(id: string): Grant | null {
    const record = kept.get(id);
    if (!record) return null;
    const extended = records.extended(id, record, now());
    if (extended) keep(id, extended, record.companyId);
    return records.grantIn(id, record);
  }

  function create(grant: NewGrant, lifeMs: number): string {
    const id = newGrantId();
    keep(id, records.first(id, grant, lifeMs, now()), grant.account.id);
    return id;
  }

  function replace(id: string, expectedVersion: number, grant: NewGrant): boolean {
    const record = kept.get(id);
    const next = record && records.next(id, record, expectedVersion, grant);
    if (!next) return false;
    keep(id, next, grant.account.id);
    return true;
  }

  function idsOf(companyId: number): string[] {
    return [...kept.entries()].filter(([, record]) => record.companyId === companyId).map(([id]) => id);
  }

  return {
    ...createClaims(now),
    withLock: createLocalLock(),
    get: (id) => Promise.resolve(read(id)),
    create: (grant, lifeMs) => Promise.resolve(create(grant, lifeMs)),
    replace: (id, expectedVersion, grant) => Promise.resolve(replace(id, expectedVersion, grant)),
    delete: (id) => Promise.resolve(kept.delete(id)),
    idsOf: (companyId) => Promise.resolve(idsOf(companyId)),
  };
}
