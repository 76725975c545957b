import { companyNamed, type CompanyKey } from "../../config/company-id";
import type { CompaniesPage } from "../store";
import { firstBehind } from "./sorted";

/** Whose a grant is. */
export interface Owned {
  readonly app: string | null;
  /** By which names the company is found; the first is the one it is listed by. */
  readonly companies: readonly CompanyKey[];
}

interface Lists {
  readonly app: string | null;
  readonly madeAt: number;
  /** By each name the ids of a company's grants. */
  readonly ids: ReadonlyMap<CompanyKey, readonly string[]>;
  /** The names that companies are listed by, in order. */
  readonly listed: readonly CompanyKey[];
}

/** For as long, a list may name a grant that has ended meanwhile: whoever reads it finds nothing. */
const goodForMs = 1_000;

/** Finds an app's companies among grants in memory: what a walk asks for page by page is put in order once. */
export class CompanyLists {
  readonly #entries: () => Iterable<[id: string, owned: Owned]>;
  readonly #now: () => number;
  #lists: Lists | undefined;

  constructor(entries: () => Iterable<[id: string, owned: Owned]>, now: () => number) {
    this.#entries = entries;
    this.#now = now;
  }

  /** A grant has come, changed or gone. */
  changed(): void {
    this.#lists = undefined;
  }

  idsOf(app: string | null, company: CompanyKey): string[] {
    return [...(this.#listsOf(app).ids.get(company) ?? [])];
  }

  page(app: string | null, cursor: string | null, limit: number): CompaniesPage {
    const { ids, listed } = this.#listsOf(app);
    const from = cursor === null ? 0 : firstBehind(listed, cursor);
    const page = listed.slice(from, from + limit);
    return {
      companies: page.map((key) => ({ company: companyNamed(key)!, ids: ids.get(key) ?? [] })),
      cursor: from + limit < listed.length ? page.at(-1)! : null,
    };
  }

  #listsOf(app: string | null): Lists {
    const known = this.#lists;
    const age = known ? this.#now() - known.madeAt : Infinity;
    if (known?.app === app && age >= 0 && age < goodForMs) return known;
    const ids = new Map<CompanyKey, string[]>();
    const listed = new Set<CompanyKey>();
    for (const [id, owned] of this.#entries()) {
      if (owned.app !== app) continue;
      for (const name of owned.companies) {
        const theirs = ids.get(name);
        if (theirs) theirs.push(id);
        else ids.set(name, [id]);
      }
      if (owned.companies[0] !== undefined) listed.add(owned.companies[0]);
    }
    this.#lists = { app, madeAt: this.#now(), ids, listed: [...listed].sort() };
    return this.#lists;
  }
}
