import { companyKey, companyNamed, type CompanyKey } from "../../config/company-id";
import { givenByGrant } from "../encryption";
import { createClaims } from "./memory-claims";
import { knownOptions } from "../../config/own-options";
import { createExpiringMap } from "../../time/expiring-map";
import { decodeGrant, encodeGrant, newGrantId, type Grant, type NewGrant } from "../grant";
import { createLocalLock } from "./local-lock";
import type { CompaniesPage, GrantStore } from "../store";

export interface MemoryGrantsOptions {
  /** Beyond this many the least recently used grant is forgotten. Default 100,000, some 100 MB. */
  maxGrants?: number | undefined;
  /** Epoch milliseconds. */
  now?: (() => number) | undefined;
}

interface Entry {
  /** As text: nobody shares a grant with the store. */
  readonly text: string;
  readonly app: string | null;
  /** By which names the company is found; the first is the one it is listed by. */
  readonly companies: readonly CompanyKey[];
  /** When each link ends. */
  readonly links: Map<string, number>;
  readonly endsAt: number;
}

/**
 * Keeps grants in this process: gone when it ends, and unknown to every other process.
 * @throws {ConfigError} an option is misspelt.
 */
export function memoryGrants(options: MemoryGrantsOptions = {}): GrantStore {
  const own = knownOptions(options, "memoryGrants(options)", ["maxGrants", "now"]);
  const { maxGrants = 100_000, now = Date.now } = own;
  const kept = createExpiringMap<Entry>(maxGrants, now);

  function find(id: string, link?: string): Entry | undefined {
    const entry = kept.get(id);
    return link === undefined || (entry?.links.get(link) ?? 0) > now() ? entry : undefined;
  }

  function keep(id: string, entry: Entry): void {
    kept.set(id, entry, entry.endsAt - now());
  }

  function write(id: string, grant: Grant, entry: Pick<Entry, "links" | "endsAt">): void {
    const companies = givenByGrant(grant).map(({ company }) => company);
    keep(id, { ...entry, text: encodeGrant(grant), app: grant.app, companies });
  }

  function create(grant: NewGrant, lifeMs: number, link?: string): string {
    const id = newGrantId();
    const endsAt = now() + 2 * lifeMs;
    write(id, { ...grant, version: 1 }, { links: new Map(link === undefined ? [] : [[link, endsAt]]), endsAt });
    return id;
  }

  function replace(id: string, expectedVersion: number, grant: NewGrant): boolean {
    const entry = kept.get(id);
    if (!entry || decodeGrant(entry.text)?.version !== expectedVersion) return false;
    write(id, { ...grant, version: expectedVersion + 1 }, entry);
    return true;
  }

  function prolong(id: string, lifeMs: number, link?: string): boolean {
    const entry = find(id, link);
    if (!entry) return false;
    const endsAt = now() + 2 * lifeMs;
    if (link !== undefined) entry.links.set(link, Math.max(endsAt, entry.links.get(link) ?? 0));
    keep(id, { ...entry, endsAt: Math.max(endsAt, entry.endsAt) });
    return true;
  }

  function addLink(id: string, link: string, lifeMs: number, former?: string): boolean {
    const entry = find(id, former);
    if (!entry) return false;
    for (const [old, endsAt] of entry.links) if (endsAt <= now()) entry.links.delete(old);
    entry.links.set(link, now() + 2 * lifeMs);
    return true;
  }

  function ofApp(app: string | null): [string, Entry][] {
    return [...kept.entries()].filter(([, entry]) => entry.app === app);
  }

  return {
    ...createClaims(now),
    withLock: createLocalLock(),
    get: (id, link) => Promise.resolve(decodeGrant(find(id, link)?.text)),
    create: (grant, lifeMs, link) => Promise.resolve(create(grant, lifeMs, link)),
    replace: (id, expectedVersion, grant) => Promise.resolve(replace(id, expectedVersion, grant)),
    prolong: (id, lifeMs, link) => Promise.resolve(prolong(id, lifeMs, link)),
    delete: (id) => Promise.resolve(kept.delete(id)),
    link: (id, link, lifeMs, former) => Promise.resolve(addLink(id, link, lifeMs, former)),
    unlink: (id, link) => Promise.resolve(void kept.get(id)?.links.delete(link)),
    idsOf: (app, company) => Promise.resolve(idsIn(ofApp(app), companyKey(company))),
    companies: (app, cursor, limit) => Promise.resolve(pageOf(ofApp(app), cursor, limit)),
  };
}

function idsIn(entries: readonly [string, Entry][], company: CompanyKey): string[] {
  return entries.flatMap(([id, entry]) => (entry.companies.includes(company) ? [id] : []));
}

function pageOf(entries: readonly [string, Entry][], cursor: string | null, limit: number): CompaniesPage {
  const byCompany = new Map<CompanyKey, string[]>();
  for (const [id, entry] of entries) {
    const [listed] = entry.companies;
    if (listed !== undefined && listed > (cursor ?? "")) byCompany.set(listed, [...(byCompany.get(listed) ?? []), id]);
  }
  const page = [...byCompany].sort(([one], [other]) => (one < other ? -1 : 1)).slice(0, limit);
  return {
    companies: page.map(([key, ids]) => ({ company: companyNamed(key)!, ids })),
    cursor: page.length < byCompany.size ? page.at(-1)![0] : null,
  };
}
