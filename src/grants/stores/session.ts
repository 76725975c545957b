import { createHash } from "node:crypto";
import { knownOptions } from "../../config/own-options";
import { createClaims } from "./memory-claims";
import { createCompanyIndex } from "./session-company-index";
import { isGrantId, newGrantId, type Grant } from "../grant";
import { createGrantText, givenBy, givenByGrant, type SealingOptions } from "../encryption";
import { createMutex } from "../../time/mutex";
import { createLocalLock } from "./local-lock";
import { leadsTo, readGrantRecord, sealedWith, type SessionGrantRecord } from "./session-record";
import { createSessionRecords, type SessionStore } from "../../session/records";
import type { GrantStore } from "../store";

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

/** A record, and the grant in it. */
interface Found {
  readonly record: SessionGrantRecord;
  readonly grant: Grant;
}

/**
 * Keeps grants in the app's own session store, beside its sessions: any store for express-session. Exact in one
 * process; where several share a session store, use Redis. The store's `all()` and `length()` see these records too.
 * @throws {ConfigError} an encryption key is too short, or an option is misspelt.
 */
export function sessionGrants(store: SessionStore, options: SessionGrantsOptions = {}): GrantStore {
  const known = ["now", "longestLifeMs", "encryptionKeys", "acceptUnsealed"] as const;
  const own = knownOptions(options, "sessionGrants(store, options)", known);
  const { now = Date.now, longestLifeMs = aHundredYearsMs, ...sealing } = own;
  const documents = createSessionRecords(store);
  const text = createGrantText(sealing);
  const index = createCompanyIndex(documents, now);
  const exclusively = createMutex();

  async function find(id: string): Promise<Found | null> {
    const record = isGrantId(id) ? readGrantRecord(await documents.read(keyOf(id)), now()) : null;
    const grant = record && text.decode(record.grant, sealedWith(id, record));
    return record && grant && { record, grant };
  }

  /** A session's own grant carries its links, so that it is read at once; those to a company's are records. */
  async function leads(link: string, id: string, { record }: Found): Promise<boolean> {
    return record.links?.includes(link) ?? leadsTo(id, await documents.read(linkKeyOf(id, link)), now());
  }

  async function write(id: string, grant: Grant, at: Pick<SessionGrantRecord, "endsAt" | "links">): Promise<void> {
    const { endsAt, links } = at;
    const record = { grant: text.encode(grant, sealedWith(id, { endsAt, links })), endsAt, ...(links && { links }) };
    await documents.write(keyOf(id), record, endsAt - now());
  }

  async function writeLink(id: string, link: string, endsAt: number): Promise<void> {
    await documents.write(linkKeyOf(id, link), { to: id, endsAt }, endsAt - now());
  }

  function change<T>(id: string, absent: T, work: (found: Found) => Promise<T>): Promise<T> {
    return exclusively(id, async () => {
      const found = await find(id);
      return found ? work(found) : absent;
    });
  }

  function endAfter(lifeMs: number): number {
    return now() + Math.min(Math.max(Math.ceil(2 * lifeMs), 1), longestLifeMs);
  }

  /** The index first: it must not forget a grant that lives. */
  async function prolongFound(id: string, { record, grant }: Found, endsAt: number): Promise<void> {
    if (endsAt <= record.endsAt) return;
    await index.note(givenByGrant(grant), id, endsAt);
    await write(id, grant, { ...record, endsAt });
  }

  return {
    longestLifeMs,
    ...createClaims(now),
    withLock: createLocalLock(),
    async get(id, link) {
      const found = await find(id);
      return found && (link === undefined || (await leads(link, id, found))) ? found.grant : null;
    },
    async create(grant, lifeMs, link) {
      const id = newGrantId();
      const endsAt = endAfter(lifeMs);
      await index.note(givenByGrant(grant), id, endsAt);
      await write(id, { ...grant, version: 1 }, { endsAt, links: link === undefined ? null : [link] });
      return id;
    },
    replace: (id, expectedVersion, grant) =>
      change(id, false, async ({ record, grant: { version } }) => {
        if (version !== expectedVersion) return false;
        await write(id, { ...grant, version: version + 1 }, record);
        return true;
      }),
    prolong: (id, lifeMs, link) =>
      change(id, false, async (found) => {
        if (link !== undefined && !(await leads(link, id, found))) return false;
        const endsAt = endAfter(lifeMs);
        if (link !== undefined && !found.record.links) await writeLink(id, link, endsAt);
        await prolongFound(id, found, endsAt);
        return true;
      }),
    async delete(id) {
      if (!isGrantId(id)) return;
      await exclusively(id, async () => {
        const record = readGrantRecord(await documents.read(keyOf(id)).catch(() => null), now());
        await documents.remove(keyOf(id));
        // An id left behind in the index leads nowhere, and is forgotten when its time comes.
        if (record) await index.forget(givenBy(record.grant), id).catch(() => undefined);
      });
    },
    link: (id, link, lifeMs, former) =>
      change(id, false, async (found) => {
        const { record, grant } = found;
        if (former !== undefined && !(await leads(former, id, found))) return false;
        if (record.links) await write(id, grant, { ...record, links: [...record.links, link].slice(-mostLinks) });
        else await writeLink(id, link, endAfter(lifeMs));
        return true;
      }),
    async unlink(id, link) {
      await change(id, undefined, async ({ record, grant }) => {
        const links = record.links?.filter((other) => other !== link);
        if (links) await write(id, grant, { ...record, links });
        else await documents.remove(linkKeyOf(id, link));
      });
    },
    idsOf: (app, companyId) => index.idsOf({ app, companyId }),
  };
}

/** A session's own grant is shared by those few sessions that a doubled callback began. */
const mostLinks = 5;

function keyOf(id: string): string {
  return `ac_${id}`;
}

/** Some session stores allow 36 characters. */
function linkKeyOf(id: string, link: string): string {
  return `ac_${createHash("sha256").update(`${id} ${link}`).digest("base64url").slice(0, 32)}`;
}
