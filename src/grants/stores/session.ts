import { companyKey } from "../../config/company-id";
import { knownOptions } from "../../config/own-options";
import { createClaims } from "./memory-claims";
import { createCompanyIndex } from "./session-company-index";
import { isGrantId, newGrantId } from "../grant";
import { createGrantText, givenBy, givenByGrant, type SealingOptions } from "../encryption";
import { createMutex } from "../../time/mutex";
import { createLocalLock } from "./local-lock";
import { createSessionKinds } from "./session-kinds";
import { createSessionGrantRecords, type Found } from "./session-grant-records";
import { createSessionRecords } from "../../session/records";
import type { SessionStore } from "../../session/session";
import type { GrantStore } from "../store";

/** Options of `sessionGrants()`. */
export interface SessionGrantsOptions extends SealingOptions {
  /**
   * The longest that the session store keeps a record, whatever life it is given, in milliseconds: grants are then
   * prolonged more often. Default: it keeps what it is told.
   */
  longestLifeMs?: number | undefined;
  /** Epoch milliseconds. */
  now?: (() => number) | undefined;
}

const aHundredYearsMs = 3_155_760_000_000;

/**
 * Keeps grants in the app's own session store, beside its sessions: any store for express-session. Exact in one
 * process; where several share a session store, use Redis. The store's `all()` and `length()` see these records too.
 * @throws {ConfigError} an encryption key is too short, or an option is misspelt.
 */
export function sessionGrants(store: SessionStore, options: SessionGrantsOptions = {}): GrantStore {
  const known = ["now", "longestLifeMs", "encryptionKeys", "acceptUnsealed"] as const;
  const own = knownOptions(options, "sessionGrants(store, options)", known);
  const { now = Date.now, longestLifeMs = aHundredYearsMs, ...sealing } = own;
  const [documents, text] = [createSessionRecords(store), createGrantText(sealing)];
  const records = createSessionGrantRecords({ documents, text, now });
  const index = createCompanyIndex(documents, { now, longestLifeMs });
  const exclusively = createMutex();
  const endAfter = (lifeMs: number) => now() + Math.min(Math.max(Math.ceil(2 * lifeMs), 1), longestLifeMs);

  /** False where there is no such grant. */
  function change(id: string, work: (found: Found) => Promise<boolean>): Promise<boolean> {
    return exclusively(id, async () => {
      const found = await records.find(id);
      return found ? work(found) : false;
    });
  }

  /** The index first: it must not forget a grant that lives. */
  async function prolongFound({ id, record, grant }: Found, endsAt: number): Promise<void> {
    if (endsAt <= record.endsAt) return;
    await index.note(givenByGrant(grant), id, endsAt);
    await records.write(id, grant, { ...record, endsAt });
  }

  return {
    seals: text.seals,
    longestLifeMs,
    ...createClaims(now),
    withLock: createLocalLock(),
    get: (id, link) => records.read(id, link),
    async create(grant, lifeMs, link) {
      const id = newGrantId();
      const endsAt = endAfter(lifeMs);
      await index.noteFirst(givenByGrant(grant), id, endsAt);
      await records.write(id, { ...grant, version: 1 }, { endsAt, links: link === undefined ? null : [link] });
      return id;
    },
    replace: (id, expectedVersion, grant) =>
      change(id, async ({ record, grant: { version } }) => {
        if (version !== expectedVersion) return false;
        await records.write(id, { ...grant, version: version + 1 }, record);
        return true;
      }),
    prolong: (id, lifeMs, link) =>
      change(id, async (found) => {
        if (link !== undefined && !(await records.leads(link, found))) return false;
        const endsAt = endAfter(lifeMs);
        if (link !== undefined) await records.prolongLink(link, found, endsAt);
        await prolongFound(found, endsAt);
        return true;
      }),
    async delete(id) {
      if (!isGrantId(id)) return;
      await exclusively(id, async () => {
        const record = await records.remove(id);
        // An id left behind in the index leads nowhere, and is forgotten when its time comes.
        if (record) await index.forget(givenBy(record.grant), id).catch(() => undefined);
      });
    },
    link: (id, link, lifeMs, former) =>
      change(id, async (found) => {
        if (former !== undefined && !(await records.leads(former, found))) return false;
        await records.addLink(link, found, endAfter(lifeMs));
        return true;
      }),
    async unlink(id, link) {
      await change(id, async (found) => {
        await records.dropLink(link, found);
        return true;
      });
    },
    companies: (app, cursor, limit) => index.companies(app, cursor, limit),
    idsOf: (app, company) => index.idsOf({ app, company: companyKey(company) }),
    records: createSessionKinds(documents, { now, longestLifeMs }),
  };
}
