import { isGrantId } from "../../grant";
import type { GivenBy } from "../../encryption";
import { isCompanyKey, type CompanyKey } from "../../../config/company-id";
import type { Redis } from "../../../redis/client";
import type { CompaniesPage } from "../../store";
import { partOf, readCompanies } from "../company-pages";
import type { RedisKeys } from "./keys";
import { addMember, liveMembers, removeIfScore, removeMember } from "./scripts";

/** Which grants a company gave to an app, under each of its names, and which companies an app has. */
export interface RedisIndex {
  /** The id is forgotten after `lifeMs`, with its grant. Without a name there is nothing to note. */
  note(by: readonly GivenBy[], id: string, lifeMs: number): Promise<void>;
  /** `note`, for a grant that is new. */
  noteFirst(by: readonly GivenBy[], id: string, lifeMs: number): Promise<void>;
  forget(by: readonly GivenBy[], id: string): Promise<void>;
  idsOf(by: GivenBy): Promise<string[]>;
  companies(app: string | null, cursor: string | null, limit: number): Promise<CompaniesPage>;
}

export function createRedisIndex(redis: Redis, keys: RedisKeys): RedisIndex {
  async function add(operation: string, key: string, args: [member: string, lifeMs: number]): Promise<void> {
    await redis.run(operation, { script: addMember, keys: [key], args, writes: true });
  }

  async function idsOf(by: GivenBy): Promise<string[]> {
    const ids = await redis.run("find a company's grants", { script: liveMembers, keys: [keys.company(by)] });
    return Array.isArray(ids) ? ids.map(String).filter(isGrantId) : [];
  }

  /** The companies of one part, and until when each is noted. */
  async function readPart(app: string | null, part: number): Promise<Map<CompanyKey, string>> {
    const call = { script: liveMembers, keys: [keys.companies(app, part)], args: ["WITHSCORES"] };
    const flat = await redis.run("list companies", call);
    const texts = Array.isArray(flat) ? flat.map(String) : [];
    const noted = new Map<CompanyKey, string>();
    for (let at = 0; at < texts.length; at += 2) {
      const [company = "", until = ""] = texts.slice(at, at + 2);
      if (isCompanyKey(company)) noted.set(company, until);
    }
    return noted;
  }

  async function noteIds(by: readonly GivenBy[], id: string, lifeMs: number): Promise<void> {
    await Promise.all(by.map((name) => add("note a company's grant", keys.company(name), [id, lifeMs])));
  }

  async function listCompany([first]: readonly GivenBy[], lifeMs: number): Promise<void> {
    if (!first) return;
    await add("note a company", keys.companies(first.app, partOf(first.company)), [first.company, lifeMs]);
  }

  return {
    /** The ids first: whoever finds a company finds its grants, and may forget a company that has none. */
    async noteFirst(by, id, lifeMs) {
      await noteIds(by, id, lifeMs);
      await listCompany(by, lifeMs);
    },
    async note(by, id, lifeMs) {
      await Promise.all([noteIds(by, id, lifeMs), listCompany(by, lifeMs)]);
    },
    async forget(by, id) {
      const operation = "forget a company's grant";
      const forgetOne = (name: GivenBy) =>
        redis.run(operation, { script: removeMember, keys: [keys.company(name)], args: [id], writes: true });
      await Promise.all(by.map(forgetOne));
    },
    idsOf,
    companies(app, cursor, limit) {
      const noted = new Map<CompanyKey, string>();

      async function read(part: number): Promise<CompanyKey[]> {
        const companies = await readPart(app, part);
        for (const [company, until] of companies) noted.set(company, until);
        return [...companies.keys()];
      }

      async function idsOrForget(company: CompanyKey): Promise<string[]> {
        const ids = await idsOf({ app, company });
        // One that has connected again since it was read has been noted until another moment.
        const stale = { script: removeIfScore, keys: [keys.companies(app, partOf(company))], writes: true };
        if (ids.length === 0) await redis.run("forget a company", { ...stale, args: [company, noted.get(company)!] });
        return ids;
      }

      return readCompanies({ read, idsOf: idsOrForget }, cursor, limit);
    },
  };
}
