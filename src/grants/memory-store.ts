import { createClaims } from "./claims";
import { createExpiringMap } from "./expiring-map";
import { decodeGrant, newGrantId, type Grant } from "./grant";
import { createLocalLock } from "./lock";
import { extendedRecord, firstRecord, nextRecord, type GrantRecord } from "./record";
import type { GrantStore } from "./store";

export interface MemoryGrantsOptions {
  /** Beyond this many the least recently used grant is forgotten. Default 100,000, some 100 MB. */
  maxGrants?: number;
  /** Epoch milliseconds. */
  now?: () => number;
}

/** Keeps grants in this process: gone when it ends, and unknown to every other process. */
export function memoryGrants({ maxGrants = 100_000, now = Date.now }: MemoryGrantsOptions = {}): GrantStore {
  const records = createExpiringMap<GrantRecord & { readonly companyId: number | null }>(maxGrants, now);

  function keep(id: string, record: GrantRecord, companyId: number | null): void {
    records.set(id, { ...record, companyId }, record.endsAt - now());
  }

  function read(id: string): Grant | null {
    const record = records.get(id);
    if (!record) return null;
    const extended = extendedRecord(record, now());
    if (extended) keep(id, extended, record.companyId);
    return decodeGrant(record.grant);
  }

  function create(grant: Omit<Grant, "version">, lifeMs: number): string {
    const id = newGrantId();
    keep(id, firstRecord(grant, lifeMs, now()), grant.account.id);
    return id;
  }

  function replace(id: string, expectedVersion: number, grant: Omit<Grant, "version">): boolean {
    const record = records.get(id);
    const next = record && nextRecord(record, expectedVersion, grant);
    if (!next) return false;
    keep(id, next, grant.account.id);
    return true;
  }

  function idsOf(companyId: number): string[] {
    return [...records.entries()].filter(([, record]) => record.companyId === companyId).map(([id]) => id);
  }

  return {
    ...createClaims(now),
    withLock: createLocalLock(),
    get: (id) => Promise.resolve(read(id)),
    create: (grant, lifeMs) => Promise.resolve(create(grant, lifeMs)),
    replace: (id, expectedVersion, grant) => Promise.resolve(replace(id, expectedVersion, grant)),
    delete: (id) => Promise.resolve(records.delete(id)),
    idsOf: (companyId) => Promise.resolve(idsOf(companyId)),
  };
}
