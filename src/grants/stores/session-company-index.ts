import { fields } from "../../config/fields";
import { isCompanyKey } from "../../config/company-id";
import { sha256 } from "../../config/sha256";
import { isGrantId } from "../grant";
import type { GivenBy } from "../encryption";
import { createMutex } from "../../time/mutex";
import type { SessionRecords } from "../../session/records";
import type { CompaniesPage } from "../store";
import { partOf, readCompanies } from "./company-pages";

/** Which grants a company gave to an app, for stores that can only be asked by key. Exact in one process. */
export interface CompanyIndex {
  /** `endsAt`, epoch milliseconds: the id is forgotten with its grant. Without a company there is nothing to note. */
  note(by: readonly GivenBy[], id: string, endsAt: number): Promise<void>;
  forget(by: readonly GivenBy[], id: string): Promise<void>;
  idsOf(by: GivenBy): Promise<string[]>;
  /** `note`, for a grant that is new: its company is listed from now on, under its first name. */
  noteFirst(by: readonly GivenBy[], id: string, endsAt: number): Promise<void>;
  companies(app: string | null, cursor: string | null, limit: number): Promise<CompaniesPage>;
}

/** How long a company stays listed that has a grant; some stores count seconds that end in 2038. */
const tenYearsMs = 315_576_000_000;

export interface CompanyIndexLimits {
  readonly now: () => number;
  /** The longest that the session store keeps a record. */
  readonly longestLifeMs: number;
}

export function createCompanyIndex(records: SessionRecords, { now, longestLifeMs }: CompanyIndexLimits): CompanyIndex {
  const listedMs = Math.min(longestLifeMs, tenYearsMs);
  const exclusively = createMutex();

  async function read(key: string): Promise<Map<string, number>> {
    return new Map(Object.entries(fields(await records.read(key))).filter(isLive));
  }

  function isLive(entry: [string, unknown]): entry is [string, number] {
    const [, endsAt] = entry;
    return typeof endsAt === "number" && endsAt > now();
  }

  async function idsOf(by: GivenBy): Promise<string[]> {
    return [...(await read(keyOf(by))).keys()].filter(isGrantId);
  }

  async function change(by: readonly GivenBy[], edit: (ids: Map<string, number>) => void): Promise<void> {
    await Promise.all(by.map((name) => changeOne(keyOf(name), edit)));
  }

  /** Whoever lists the companies forgets one without grants, unless it has connected again meanwhile. */
  async function idsOrForget(by: GivenBy): Promise<string[]> {
    const ids = await idsOf(by);
    if (ids.length > 0) return ids;
    await changeOne(partKeyOf(by.app, partOf(by.company)), async (companies) => {
      if ((await idsOf(by)).length === 0) companies.delete(by.company);
    });
    return ids;
  }

  function changeOne(key: string, edit: (ids: Map<string, number>) => void | Promise<void>): Promise<void> {
    return exclusively(key, async () => {
      const ids = await read(key);
      await edit(ids);
      if (ids.size === 0) return records.remove(key);
      await records.write(key, Object.fromEntries(ids), Math.max(...ids.values()) - now());
    });
  }

  async function listCompany([first]: readonly GivenBy[]): Promise<void> {
    if (!first) return;
    const key = partKeyOf(first.app, partOf(first.company));
    const leftMs = ((await read(key)).get(first.company) ?? 0) - now();
    if (leftMs < listedMs / 2) await changeOne(key, (ids) => void ids.set(first.company, now() + listedMs));
  }

  return {
    async note(by, id, endsAt) {
      await change(by, (ids) => void ids.set(id, endsAt));
      // Where the store forgets what it was told to keep for longer.
      if (listedMs < tenYearsMs) await listCompany(by);
    },
    async noteFirst(by, id, endsAt) {
      await change(by, (ids) => void ids.set(id, endsAt));
      await listCompany(by);
    },
    forget: (by, id) => change(by, (ids) => void ids.delete(id)),
    idsOf,
    companies(app, cursor, limit) {
      const readPart = async (part: number) => [...(await read(partKeyOf(app, part))).keys()].filter(isCompanyKey);
      return readCompanies({ read: readPart, idsOf: (company) => idsOrForget({ app, company }) }, cursor, limit);
    },
  };
}

/** Hashed: with the app it would be longer than some session stores allow. Without one as it was before there were apps. */
function keyOf({ app, company }: GivenBy): string {
  if (app === null) return `ac_company_${company.replace(/^id:/, "")}`;
  return `ac_company_${sha256(`${app} ${company}`).slice(0, 22)}`;
}

function partKeyOf(app: string | null, part: number): string {
  return `ac_companies_${sha256(`${app ?? ""} ${part}`).slice(0, 20)}`;
}
