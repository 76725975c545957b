import { companyKey, type CompanyName } from "../../config/company-id";
import { createExpiringMap } from "../../time/expiring-map";
import { givenByGrant } from "../encryption";
import { decodeGrant, encodeGrant, newGrantId, type Grant, type NewGrant } from "../grant";
import type { CompaniesPage } from "../store";
import { CompanyLists, type Owned } from "./company-lists";

/** A grant as it is kept in memory. */
export interface KeptGrant {
  /** As text: nobody shares a grant with the store. */
  readonly text: string;
  /** When each link ends. */
  readonly links: Map<string, number>;
  readonly endsAt: number;
}

type Entry = KeptGrant & Owned;

export interface GrantTableLimits {
  /** Beyond this many the least recently used grant is forgotten. */
  readonly maxGrants: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Grants in memory, and what a store does with them: see {@link GrantStore}. */
export class GrantTable {
  readonly #kept;
  readonly #lists: CompanyLists;
  readonly #now: () => number;

  constructor({ maxGrants, now }: GrantTableLimits) {
    this.#kept = createExpiringMap<Entry>(maxGrants, now);
    this.#lists = new CompanyLists(() => this.#kept.entries(), now);
    this.#now = now;
  }

  get(id: string, link?: string): Grant | null {
    return decodeGrant(this.#find(id, link)?.text);
  }

  create(grant: NewGrant, lifeMs: number, link?: string): string {
    const id = newGrantId();
    const endsAt = this.#now() + 2 * lifeMs;
    const links = new Map(link === undefined ? [] : [[link, endsAt]]);
    this.put(id, { text: encodeGrant({ ...grant, version: 1 }), links, endsAt });
    return id;
  }

  replace(id: string, expectedVersion: number, grant: NewGrant): boolean {
    const entry = this.#kept.get(id);
    if (!entry || decodeGrant(entry.text)?.version !== expectedVersion) return false;
    this.put(id, { ...entry, text: encodeGrant({ ...grant, version: expectedVersion + 1 }) });
    return true;
  }

  prolong(id: string, lifeMs: number, link?: string): boolean {
    const entry = this.#find(id, link);
    if (!entry) return false;
    const endsAt = this.#now() + 2 * lifeMs;
    if (link !== undefined) entry.links.set(link, Math.max(endsAt, entry.links.get(link) ?? 0));
    this.#set(id, { ...entry, endsAt: Math.max(endsAt, entry.endsAt) });
    return true;
  }

  delete(id: string): void {
    this.#kept.delete(id);
    this.#lists.changed();
  }

  link(id: string, link: string, lifeMs: number, former?: string): boolean {
    const entry = this.#find(id, former);
    if (!entry) return false;
    for (const [old, endsAt] of entry.links) if (endsAt <= this.#now()) entry.links.delete(old);
    entry.links.set(link, this.#now() + 2 * lifeMs);
    return true;
  }

  unlink(id: string, link: string): void {
    this.#kept.get(id)?.links.delete(link);
  }

  idsOf(app: string | null, company: CompanyName): string[] {
    return this.#lists.idsOf(app, companyKey(company));
  }

  companies(app: string | null, cursor: string | null, limit: number): CompaniesPage {
    return this.#lists.page(app, cursor, limit);
  }

  /** Takes in what was read elsewhere. */
  put(id: string, { text, links, endsAt }: KeptGrant): void {
    const grant = decodeGrant(text);
    const companies = givenByGrant(grant).map(({ company }) => company);
    this.#set(id, { text, links, endsAt, app: grant?.app ?? null, companies });
    this.#lists.changed();
  }

  entries(): Iterable<[id: string, kept: KeptGrant]> {
    return this.#kept.entries();
  }

  #find(id: string, link?: string): Entry | undefined {
    const entry = this.#kept.get(id);
    return link === undefined || (entry?.links.get(link) ?? 0) > this.#now() ? entry : undefined;
  }

  #set(id: string, entry: Entry): void {
    this.#kept.set(id, entry, entry.endsAt - this.#now());
  }
}
