import { knownOptions } from "../../config/own-options";
import type { GrantStore } from "../store";
import { GrantTable } from "./grant-table";
import { createLocalLock } from "./local-lock";
import { createClaims } from "./memory-claims";
import { answering, RecordTable } from "./record-table";

/** Options of `memoryGrants()`. */
export interface MemoryGrantsOptions {
  /** Beyond this many the least recently used grant is forgotten. Default 100,000, some 100 MB. */
  maxGrants?: number | undefined;
  /** Epoch milliseconds. */
  now?: (() => number) | undefined;
}

/**
 * Keeps grants in this process: gone when it ends, and unknown to every other process.
 * @throws {ConfigError} an option is misspelt.
 */
export function memoryGrants(options: MemoryGrantsOptions = {}): GrantStore {
  const own = knownOptions(options, "memoryGrants(options)", ["maxGrants", "now"]);
  const { maxGrants = 100_000, now = Date.now } = own;
  const table = new GrantTable({ maxGrants, now });
  const records = new RecordTable(now);

  return {
    seals: true,
    ...createClaims(now),
    withLock: createLocalLock(),
    get: (id, link) => Promise.resolve(table.get(id, link)),
    create: (grant, lifeMs, link) => Promise.resolve(table.create(grant, lifeMs, link)),
    replace: (id, expectedVersion, grant) => Promise.resolve(table.replace(id, expectedVersion, grant)),
    prolong: (id, lifeMs, link) => Promise.resolve(table.prolong(id, lifeMs, link)),
    delete: (id) => Promise.resolve(table.delete(id)),
    link: (id, link, lifeMs, former) => Promise.resolve(table.link(id, link, lifeMs, former)),
    unlink: (id, link) => Promise.resolve(table.unlink(id, link)),
    idsOf: (app, company) => Promise.resolve(table.idsOf(app, company)),
    companies: (app, cursor, limit) => Promise.resolve(table.companies(app, cursor, limit)),
    records: (kind) => answering(records.kind(kind)),
  };
}
