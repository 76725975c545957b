import { createClaims } from "./claims";
import { createCompanyIndex } from "./company-index";
import { decodeGrant, isGrantId, newGrantId } from "./grant";
import { createLocalLock, createMutex } from "./lock";
import { extendedRecord, firstRecord, nextRecord, readRecord, type GrantRecord } from "./record";
import { createSessionRecords, type SessionStore } from "./session-records";
import type { GrantStore } from "./store";

/**
 * Keeps grants in the app's own session store, beside its sessions: any store for express-session. Exact in one
 * process; where several share a session store, use Redis. The store's `all()` and `length()` see these records too.
 */
export function sessionGrants(store: SessionStore, { now = Date.now }: { now?: () => number } = {}): GrantStore {
  const records = createSessionRecords(store);
  const index = createCompanyIndex(records, now);
  const exclusively = createMutex();

  async function read(id: string): Promise<GrantRecord | null> {
    return isGrantId(id) ? readRecord(await records.read(keyOf(id)), now()) : null;
  }

  function write(id: string, record: GrantRecord): Promise<void> {
    return records.write(keyOf(id), { ...record }, record.endsAt - now());
  }

  function extend(id: string): Promise<void> {
    return exclusively(id, async () => {
      const record = await read(id);
      const extended = record && extendedRecord(record, now());
      if (!extended) return;
      await index.note(companyOf(record), id, extended.endsAt);
      await write(id, extended);
    });
  }

  return {
    ...createClaims(now),
    withLock: createLocalLock(),
    async get(id) {
      const record = await read(id);
      if (!record) return null;
      // A grant that was read can be used, even where its life could not be extended this time.
      if (extendedRecord(record, now())) await extend(id).catch(() => undefined);
      return decodeGrant(record.grant);
    },
    async create(grant, lifeMs) {
      const id = newGrantId();
      const record = firstRecord(grant, lifeMs, now());
      await index.note(grant.account.id, id, record.endsAt);
      await write(id, record);
      return id;
    },
    replace(id, expectedVersion, grant) {
      return exclusively(id, async () => {
        const record = await read(id);
        const next = record && nextRecord(record, expectedVersion, grant);
        if (!next) return false;
        await write(id, next);
        return true;
      });
    },
    async delete(id) {
      if (!isGrantId(id)) return;
      await exclusively(id, async () => {
        const record = await read(id).catch(() => null);
        await records.remove(keyOf(id));
        // An id left behind in the index leads nowhere, and is forgotten when its time comes.
        if (record) await index.forget(companyOf(record), id).catch(() => undefined);
      });
    },
    idsOf: (companyId) => index.idsOf(companyId),
  };
}

function keyOf(id: string): string {
  return `ac_${id}`;
}

function companyOf(record: GrantRecord): number | null {
  return decodeGrant(record.grant)?.account.id ?? null;
}
