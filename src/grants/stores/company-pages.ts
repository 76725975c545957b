import { companyNamed, type CompanyKey } from "../../config/company-id";
import { sha256 } from "../../config/sha256";
import type { CompaniesPage } from "../store";

/** An app's companies are noted in as many parts, so that none grows large and none is written by all. */
const parts = 256;

/** Which part notes a company. */
export function partOf(company: CompanyKey): number {
  return Buffer.from(sha256(company), "base64url")[0]!;
}

/** What is read of one part: the companies noted there, and how to find the grants of each. */
export interface CompanyParts {
  readonly read: (part: number) => Promise<CompanyKey[]>;
  /** Empty for a company whose grants have ended. */
  readonly idsOf: (company: CompanyKey) => Promise<string[]>;
}

/** Walks the parts one after the other, each by name: `cursor` is where the page before ended. */
export async function readCompanies(
  { read, idsOf }: CompanyParts,
  cursor: string | null,
  limit: number,
): Promise<CompaniesPage> {
  const found: { company: CompanyKey; ids: string[] }[] = [];
  let [part, after] = positionOf(cursor);

  for (; part < parts && found.length < limit; part += 1, after = "") {
    const here = (await read(part)).filter((company) => company > after).sort();
    for (let at = 0; at < here.length && found.length < limit;) {
      const asked = here.slice(at, at + limit - found.length);
      const answers = await Promise.all(asked.map(async (company) => ({ company, ids: await idsOf(company) })));
      found.push(...answers.filter(({ ids }) => ids.length > 0));
      at += asked.length;
      if (found.length >= limit && at < here.length) return pageOf(found, `${part} ${asked.at(-1)!}`);
    }
  }
  return pageOf(found, part < parts ? `${part} ` : null);
}

function pageOf(found: readonly { company: CompanyKey; ids: string[] }[], cursor: string | null): CompaniesPage {
  const companies = found.flatMap(({ company, ids }) => {
    const name = companyNamed(company);
    return name === null ? [] : [{ company: name, ids }];
  });
  return { companies, cursor };
}

function positionOf(cursor: string | null): [part: number, after: string] {
  const [, part = "0", after = ""] = /^(\d{1,3}) (.*)$/s.exec(cursor ?? "") ?? [];
  return [Number(part), after];
}
