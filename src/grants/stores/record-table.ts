import { createExpiringMap, type ExpiringMap } from "../../time/expiring-map";
import type { ExpectedRecord, KeptRecord, RecordsPage, RecordStore } from "../store";
import { newVersion, once } from "./record";
import { firstBehind } from "./sorted";

const maxRecords = 100_000;

/** A record as it is kept in memory. */
export interface TableRecord {
  readonly value: string;
  readonly version: number;
  readonly endsAt: number;
}

/** Records in memory, of any number of kinds: see {@link RecordStore}. */
export class RecordTable {
  readonly #kinds = new Map<string, KindOfRecords>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  kind(kind: string): KindOfRecords {
    const known = this.#kinds.get(kind) ?? new KindOfRecords(this.#now);
    this.#kinds.set(kind, known);
    return known;
  }

  *entries(): Iterable<[kind: string, key: string, record: TableRecord]> {
    for (const [kind, records] of this.#kinds) {
      for (const [key, record] of records.entries()) yield [kind, key, record];
    }
  }
}

export class KindOfRecords {
  readonly #kept: ExpiringMap<TableRecord>;
  readonly #now: () => number;
  /** Every key there is, in order, and perhaps some that have ended; undefined where a new one has come. */
  #order: string[] | undefined;

  constructor(now: () => number) {
    this.#kept = createExpiringMap(maxRecords, now);
    this.#now = now;
  }

  get(key: string): KeptRecord | null {
    const found = this.#kept.get(key);
    return found ? { key, value: found.value, version: found.version } : null;
  }

  put(key: string, value: string, expected: ExpectedRecord): number | null {
    const stands = this.#kept.get(key)?.version ?? null;
    if (stands !== expected.version) return null;
    const version = newVersion();
    this.take(key, { value, version, endsAt: this.#now() + once(expected.lifeMs) });
    return version;
  }

  delete(key: string, version?: number): boolean {
    const found = this.#kept.get(key);
    if (!found || (version !== undefined && version !== found.version)) return false;
    this.#kept.delete(key);
    return true;
  }

  list(cursor: string | null, limit: number): RecordsPage {
    this.#order ??= Array.from(this.#kept.entries(), ([key]) => key).sort();
    const from = cursor === null ? 0 : firstBehind(this.#order, cursor);
    const keys = this.#order.slice(from, from + limit);
    const records = keys.map((key) => this.get(key)).filter((record) => record !== null);
    return { records, cursor: from + limit < this.#order.length ? keys.at(-1)! : null };
  }

  /** Takes in what was read elsewhere. */
  take(key: string, record: TableRecord): void {
    if (this.#kept.get(key) === undefined) this.#order = undefined;
    this.#kept.set(key, record, record.endsAt - this.#now());
  }

  entries(): Iterable<[key: string, record: TableRecord]> {
    return this.#kept.entries();
  }
}

/** The same, for those who wait for a store. */
export function answering(records: KindOfRecords): RecordStore {
  return {
    get: (key) => Promise.resolve(records.get(key)),
    put: (key, value, expected) => Promise.resolve(records.put(key, value, expected)),
    delete: (key, version) => Promise.resolve(records.delete(key, version)),
    list: (cursor, limit) => Promise.resolve(records.list(cursor, limit)),
  };
}
