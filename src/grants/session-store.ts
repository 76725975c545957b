import { createClaims } from "./claims";
import { createCompanyIndex } from "./company-index";
import { isGrantId, newGrantId } from "./grant";
import { companyIn, createGrantText, type SealingOptions } from "./grant-text";
import { createLocalLock, createMutex } from "./lock";
import { createGrantRecords, readRecord, type GrantRecord } from "./record";
import { createSessionRecords, type SessionStore } from "./session-records";
import type { GrantStore } from "./store";

export interface SessionGrantsOptions extends SealingOptions {
  /** Epoch milliseconds. */
  now?: () => number;
}

/**
 * Keeps grants in the app's own session store, beside its sessions: any store for express-session. Exact in one
 * process; where several share a session store, use Redis. The store's `all()` and `length()` see these records too.
 * @throws {ConfigError} an encryption key is too short.
 */
export function sessionGrants(
  store: SessionStore,
  { encryptionKeys = [], now = Date.now }: SessionGrantsOptions = {},
): GrantStore {
  const documents = createSessionRecords(store);
  const records = createGrantRecords(createGrantText({ encryptionKeys }));
  const index = createCompanyIndex(documents, now);
  const exclusively = createMutex();

  async function read(id: string): Promise<GrantRecord | null> {
    return isGrantId(id) ? readRecord(await documents.read(keyOf(id)), now()) : null;
  }

  function write(id: string, record: GrantRecord): Promise<void> {
    return documents.write(keyOf(id), { ...record }, record.endsAt - now());
  }

  function extend(id: string): Promise<void> {
    return exclusively(id, async () => {
      const record = await read(id);
      const extended = record && records.extended(id, record, now());
      if (!extended) return;
      await index.note(companyIn(extended.grant), id, extended.endsAt);
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
      if (records.extended(id, record, now())) await extend(id).catch(() => undefined);
      return records.grantIn(id, record);
    },
    async create(grant, lifeMs) {
      const id = newGrantId();
      const record = records.first(id, grant, lifeMs, now());
      await index.note(grant.account.id, id, record.endsAt);
      await write(id, record);
      return id;
    },
    replace(id, expectedVersion, grant) {
      return exclusively(id, async () => {
        const record = await read(id);
        const next = record && records.next(id, record, expectedVersion, grant);
        if (!next) return false;
        await write(id, next);
        return true;
      });
    },
    async delete(id) {
      if (!isGrantId(id)) return;
      await exclusively(id, async () => {
        const record = await read(id).catch(() => null);
        await documents.remove(keyOf(id));
        // An id left behind in the index leads nowhere, and is forgotten when its time comes.
        if (record) await index.forget(companyIn(record.grant), id).catch(() => undefined);
      });
    },
    idsOf: (companyId) => index.idsOf(companyId),
  };
}

function keyOf(id: string): string {
  return `ac_${id}`;
}
