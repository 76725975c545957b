import { hash, timingSafeEqual } from "node:crypto";
import { readCompanyName, type CompanyName } from "../config/company-id";
import { fields } from "../config/fields";
import { WebhookError } from "../errors/errors";
import type { KeptRecord, RecordsPage, RecordStore } from "../grants/store";
import { createExpiringMap } from "../time/expiring-map";
import { eventCompany } from "./event-company";
import type { EventCompany } from "./event";
import { unknownToken } from "./parse/envelope";

/** A token that the app manages itself. */
export interface OwnToken {
  readonly hash: Buffer;
  /** Null for the app's one company, or one that the app did not name. */
  readonly company: CompanyName | null;
}

/** Which company's events carry which token. Of a token, the library keeps the hash only. */
export interface TokenBook {
  /** @throws {WebhookError} 401 the token is unknown; 503 it is not known here, and the store that may know it is down. */
  companiesOf(token: string): Promise<readonly EventCompany[]>;
  /** Keeps whose a token is; one token may be several companies'. */
  keep(token: string, entry: TokenEntry): Promise<void>;
  /** Whether this webhook is kept for another company too. */
  isShared(webhookId: string, company: EventCompany): Promise<boolean>;
  /** Finds the tokens that a company has now; what it answers forgets them, but for those that were kept anew meanwhile. */
  forgetting(company: EventCompany): Promise<() => Promise<void>>;
}

export interface TokenEntry extends EventCompany {
  readonly webhookId: string;
}

const checkEveryMs = 60_000;
/** Once the store has failed, what is known counts for so long before it is asked again. */
const trustMs = 10_000;
const maxKnown = 100_000;
const knownMs = 30 * 86_400_000;
const unknownPerSecond = 20;
const keptMs = 365 * 86_400_000;

interface Known {
  readonly companies: readonly EventCompany[];
  checkedAt: number;
}

export function hashOf(token: string): Buffer {
  return hash("sha256", token, "buffer");
}

/** Compares with all tokens, whatever it finds, so that timing tells nothing. */
export function ownersAmong(token: string, tokens: readonly OwnToken[]): readonly EventCompany[] {
  const given = hashOf(token);
  return tokens.filter(({ hash }) => timingSafeEqual(hash, given)).map(({ company }) => eventCompany(company));
}

/** `records` is null where there is one company: a token is kept in this process then. */
export function createTokenBook(records: RecordStore | null, now: () => number = Date.now): TokenBook {
  const own = new Set<string>();
  const known = createExpiringMap<Known>(maxKnown, now);
  let second = { startedAt: now(), lookUps: 0 };

  function mayLookUp(): boolean {
    if (Math.abs(now() - second.startedAt) >= 1_000) second = { startedAt: now(), lookUps: 0 };
    second.lookUps += 1;
    return second.lookUps <= unknownPerSecond;
  }

  async function lookUp(records: RecordStore, key: string): Promise<readonly EventCompany[]> {
    const kept = await records.get(key);
    const companies = kept ? readEntries(kept.value).map(whoseIs) : [];
    if (companies.length === 0) known.delete(key);
    else known.set(key, { companies, checkedAt: now() }, knownMs);
    return companies;
  }

  /** Compare-and-set: false where another version stands there by now. */
  async function write(key: string, entries: readonly TokenEntry[], version: number | null): Promise<boolean> {
    known.delete(key);
    if (!records) return true;
    if (entries.length > 0) {
      return (await records.put(key, JSON.stringify(entries), { version, lifeMs: keptMs })) !== null;
    }
    return version === null || records.delete(key, version);
  }

  return {
    async companiesOf(token) {
      const key = hashOf(token).toString("base64url");
      if (own.has(key)) return [eventCompany(null)];
      if (!records) throw unknownToken();
      const before = known.get(key);
      if (before && now() - before.checkedAt < checkEveryMs) return before.companies;
      if (!before && !mayLookUp()) throw cannotTell();
      try {
        const companies = await lookUp(records, key);
        if (companies.length > 0) return companies;
      } catch (cause) {
        if (!before) throw cannotTell(cause);
        before.checkedAt = now() - checkEveryMs + trustMs;
        return before.companies;
      }
      throw unknownToken();
    },
    async keep(token, entry) {
      const key = hashOf(token).toString("base64url");
      if (!records) return void own.add(key);
      for (;;) {
        const stands = await records.get(key);
        const others = (stands ? readEntries(stands.value) : []).filter((one) => !isSame(one, entry));
        const all = [...others, entry];
        if (!(await write(key, all, stands?.version ?? null))) continue;
        return known.set(key, { companies: all.map(whoseIs), checkedAt: now() }, knownMs);
      }
    },
    async isShared(webhookId, company) {
      for await (const { value } of allOf(records)) {
        const sharers = readEntries(value).filter((one) => one.webhookId === webhookId);
        if (sharers.some((one) => !isSame(one, company))) return true;
      }
      return false;
    },
    async forgetting(company) {
      const found: KeptRecord[] = [];
      for await (const kept of allOf(records))
        if (readEntries(kept.value).some((one) => isSame(one, company))) found.push(kept);
      const ownBefore = [...own];
      return async () => {
        for (const key of ownBefore) own.delete(key);
        for (const { key, value, version } of found) {
          const others = readEntries(value).filter((one) => !isSame(one, company));
          await write(key, others, version);
        }
      };
    },
  };
}

async function* allOf(records: RecordStore | null): AsyncGenerator<KeptRecord, void> {
  let cursor: string | null = null;
  do {
    const page: RecordsPage | undefined = await records?.list(cursor, 100);
    yield* page?.records ?? [];
    cursor = page?.cursor ?? null;
  } while (cursor !== null);
}

function whoseIs({ companyId, companyRef }: EventCompany): EventCompany {
  return { companyId, companyRef };
}

function isSame(one: EventCompany, other: EventCompany): boolean {
  return one.companyId === other.companyId && one.companyRef === other.companyRef;
}

function readEntries(value: string): readonly TokenEntry[] {
  const list: unknown = JSON.parse(value);
  return (Array.isArray(list) ? list : []).flatMap((one: unknown) => readEntry(one));
}

function readEntry(value: unknown): TokenEntry[] {
  const { companyId, companyRef, webhookId } = fields(value);
  const id = companyId === null ? null : readCompanyName(companyId);
  const ref = companyRef === null ? null : readCompanyName({ ref: companyRef });
  if (typeof webhookId !== "string" || (id === null && ref === null)) return [];
  return [
    {
      companyId: typeof id === "number" ? id : null,
      companyRef: typeof ref === "object" ? (ref?.ref ?? null) : null,
      webhookId,
    },
  ];
}

function cannotTell(cause?: unknown): WebhookError {
  const message = "The delivery cannot be taken now: its token was never seen here, and the store does not answer.";
  return new WebhookError("webhook_busy", message, { cause });
}
